from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

app_name = "site"


def _v(request, **kw):
    return HttpResponse("being written")


urlpatterns = [
    path("", _v, name="home"), path("stories/<slug:slug>/", _v, name="story"), path("entities/", _v, name="entities"),
    path("entities/<slug:slug>/", _v, name="entity"), path("claims/", _v, name="claims"), path("claims/<int:pk>/", _v, name="claim"),
    path("sources/", _v, name="sources"), path("sources/<slug:slug>/", _v, name="source"),
]
