"""The readers' addresses."""

from __future__ import annotations

from django.urls import path

from newsdesk.site import views
from newsdesk.site.searching import views as searching

app_name = "site"

urlpatterns = [
    path("", views.home, name="home"),
    path("stories/<slug:slug>/", views.story, name="story"),
    path("entities/", views.entities, name="entities"),
    path("entities/<slug:slug>/", views.entity, name="entity"),
    path("claims/", views.claims, name="claims"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("sources/", views.sources, name="sources"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("outlets/", views.outlets, name="outlets"),
    path("outlets/<slug:slug>/", views.outlet, name="outlet"),
    path("search/", searching.search, name="search"),
    path("search/suggest", searching.suggest, name="suggest"),
]
