"""The API's addresses."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from newsdesk.api import annotations, articles, changes, docs, knowledge, tokens
from newsdesk.api.problems import no_such_address

app_name = "api"

urlpatterns = [
    path("", docs.Root.as_view(), name="root"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/<int:pk>/", articles.ArticleDetail.as_view(), name="article"),
    path("articles/<int:pk>/runs/", articles.ArticleRuns.as_view(), name="runs"),
    path(
        "articles/<int:pk>/annotations/",
        articles.ArticleAnnotations.as_view(),
        name="article_annotations",
    ),
    path("annotations/", annotations.AnnotationList.as_view(), name="annotations"),
    path("annotations/<uuid:uuid>/", annotations.AnnotationDetail.as_view(), name="annotation"),
    path("entities/", knowledge.EntityList.as_view(), name="entities"),
    path("entities/<int:pk>/", knowledge.EntityDetail.as_view(), name="entity"),
    path("claims/", knowledge.ClaimList.as_view(), name="claims"),
    path("claims/<int:pk>/", knowledge.ClaimDetail.as_view(), name="claim"),
    path("sources/", knowledge.SourceList.as_view(), name="sources"),
    path("sources/<int:pk>/", knowledge.SourceDetail.as_view(), name="source"),
    path("changes/", changes.change_list, name="changes"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/<int:pk>/", tokens.TokenDetail.as_view(), name="token"),
    path("context.jsonld", annotations.Context.as_view(), name="context"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs.docs, name="docs"),
    re_path(r"^(?P<rest>.*)$", no_such_address),
]
