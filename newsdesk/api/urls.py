"""The API's addresses."""

from __future__ import annotations

from django.urls import path, re_path

from newsdesk.api import (
    annotations,
    articles,
    attributions,
    batches,
    changes,
    claims,
    containers,
    docs,
    entities,
    export,
    file_imports,
    runs,
    sources,
    tokens,
    webhooks,
)

app_name = "api"

urlpatterns = [
    path("", docs.Root.as_view(), name="root"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/<int:pk>/", articles.ArticleDetail.as_view(), name="article"),
    path("articles/<int:pk>/runs/", runs.ArticleRuns.as_view(), name="article_runs"),
    path("articles/<int:pk>/revisions/", articles.RevisionList.as_view(), name="revisions"),
    path(
        "articles/<int:pk>/revisions/<int:number>/",
        articles.RevisionDetail.as_view(),
        name="revision",
    ),
    path(
        "articles/<int:pk>/annotations/",
        containers.ArticleAnnotations.as_view(),
        name="article_annotations",
    ),
    path("annotations/", annotations.AnnotationList.as_view(), name="annotations"),
    re_path("^annotations/search/?$", annotations.AnnotationSearch.as_view(), name="search"),
    path("annotations/batch/", batches.Batch.as_view(), name="batch"),
    path("annotations/<uuid:uuid>/", annotations.AnnotationDetail.as_view(), name="annotation"),
    path("attributions/", attributions.AttributionList.as_view(), name="attributions"),
    path("attributions/<uuid:uuid>/", attributions.AttributionDetail.as_view(), name="attribution"),
    path("entities/", entities.EntityList.as_view(), name="entities"),
    path("entities/<int:pk>/", entities.EntityDetail.as_view(), name="entity"),
    path("entities/<int:pk>/merge/", entities.EntityMerge.as_view(), name="entity_merge"),
    path("claims/", claims.ClaimList.as_view(), name="claims"),
    path("claims/<int:pk>/", claims.ClaimDetail.as_view(), name="claim"),
    path("claims/<int:pk>/reviews/", claims.ReviewList.as_view(), name="claim_reviews"),
    path(
        "claims/<int:pk>/reviews/<int:review>/", claims.ReviewDetail.as_view(), name="claim_review"
    ),
    path("claims/<int:pk>/links/", claims.LinkList.as_view(), name="claim_links"),
    path("claims/<int:pk>/links/<int:link>/", claims.LinkDetail.as_view(), name="claim_link"),
    path("sources/", sources.SourceList.as_view(), name="sources"),
    path("sources/<int:pk>/", sources.SourceDetail.as_view(), name="source"),
    path("runs/", runs.RunList.as_view(), name="runs"),
    path("runs/<uuid:uuid>/", runs.RunDetail.as_view(), name="run"),
    path("changes/", changes.change_list, name="changes"),
    path("export/", export.export, name="export"),
    path("import/", file_imports.ImportList.as_view(), name="imports"),
    path("import/<uuid:uuid>/", file_imports.ImportDetail.as_view(), name="import"),
    path("tokens/", tokens.TokenList.as_view(), name="tokens"),
    path("tokens/<int:pk>/", tokens.TokenDetail.as_view(), name="token"),
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhooks"),
    path("webhooks/<uuid:uuid>/", webhooks.WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<uuid:uuid>/secret/", webhooks.WebhookSecret.as_view(), name="webhook_secret"),
    path("webhooks/<uuid:uuid>/deliveries/", webhooks.DeliveryList.as_view(), name="deliveries"),
    path(
        "webhooks/<uuid:uuid>/deliveries/<uuid:delivery>/again/",
        webhooks.DeliveryAgain.as_view(),
        name="delivery_again",
    ),
    path("context.jsonld", annotations.Context.as_view(), name="context"),
    path("schema/", docs.OpenApi.as_view(), name="schema"),
    path("docs/", docs.docs, name="docs"),
    re_path(r"^(?P<rest>.*)$", docs.NoSuchAddress.as_view()),
]
