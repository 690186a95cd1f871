"""The desk's addresses; everything but signing in and out needs an editor."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from newsdesk.desk.shelves import SHELVES
from newsdesk.desk.views import (
    article,
    claims,
    decisions,
    entities,
    ingest,
    keys,
    knowledge,
    life,
    live,
    queue,
)
from newsdesk.desk.views.sign_in import SignIn

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("articles/new/", ingest.new, name="new"),
    path("articles/<int:pk>/", article.article, name="article"),
    path("articles/<int:pk>/decisions", decisions.decisions, name="decisions"),
    path("articles/<int:pk>/steps/<uuid:step>", decisions.step, name="step"),
    path("articles/<int:pk>/live", live.live, name="live"),
    path("articles/<int:pk>/here", live.here, name="here"),
    path("articles/<int:pk>/edit/", life.edit, name="edit"),
    path("articles/<int:pk>/state", life.state, name="state"),
    path("articles/<int:pk>/read", life.read_again, name="read"),
    path("keys", keys.keys, name="keys"),
    path("articles/<int:pk>/history/", life.history, name="history"),
    path("claims/<uuid:claim>/said-before", claims.said_before, name="said_before"),
    path("entities/new/", knowledge.new_entity, name="new_entity"),
    path("entities/search", entities.search, name="entity_search"),
]

for shelf in SHELVES:
    urlpatterns += [
        path(f"{shelf}/", knowledge.index, {"shelf": shelf}, name=shelf),
        path(f"{shelf}/<int:pk>/", knowledge.thing, {"shelf": shelf}, name=shelf),
        path(f"{shelf}/<int:pk>/merge", knowledge.merge, {"shelf": shelf}, name=f"{shelf}_merge"),
    ]
