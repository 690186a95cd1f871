"""Articles, their revisions and their runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.models import Annotation
from articles import publishing, revising
from articles.ingest.text import read_text
from articles.models import Article, Revision
from articles.roles import sees_all
from newsdesk.api.filters import Filter, between, number, some_of, text
from newsdesk.api.idempotency import idempotent
from newsdesk.api.paging import Listing
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource, paged, wanted_fields
from newsdesk.api.schema import pages_of
from newsdesk.api.serializers import (
    STATES,
    ArticleChangesSerializer,
    ArticleRowSerializer,
    ArticleSerializer,
    NewArticleSerializer,
    RevisionRowSerializer,
    RevisionSerializer,
    StoredArticleSerializer,
)
from newsdesk.api.sorting import Logged, Sort
from newsdesk.api.versions import seen_version, versioned

ARTICLE_FIELDS = tuple(ArticleSerializer.Meta.fields)
ROW_FIELDS = tuple(ArticleRowSerializer.Meta.fields)


def visible_article(request: Request, pk: int) -> Article:
    rows = Article.objects.visible_to(request.user).with_text()
    return get_object_or_404(rows, pk=pk)


def tagged(field: str) -> Callable[[int, Any], Q]:
    """Articles with an annotation, not rejected, that the user may see, of an id in a field."""

    def condition(value: int, user: Any) -> Q:
        rows = Annotation.objects.visible_to(user).exclude(status="rejected")
        return Q(pk__in=rows.filter(**{field: value}).values("article"))

    return condition


FILTERS = {
    "state": some_of("state", STATES),
    "outlet": Filter("outlet__name__iexact", text, "the outlet's name"),
    "language": Filter("language", text),
    "q": Filter(
        lambda words, _: Q(title__icontains=words) | Q(revision__text__icontains=words),
        text, "words as they stand in title or text",
    ),
    "entity": Filter(tagged("entity"), number, "it is tagged there", OpenApiTypes.INT64),
    "claim": Filter(tagged("claim"), number, "it is made there", OpenApiTypes.INT64),
    "source": Filter(tagged("source"), number, "it speaks there", OpenApiTypes.INT64),
    **between("dated", "dated"),
    **between("published", "published_at"),
    **between("created", "created_at"),
    **between("modified", "updated_at"),
}  # fmt: skip
SORTS = {
    "created": Sort(("created_at",)),
    "modified": Sort(("updated_at",), moves=True),
    "published": Sort(
        ("published_at",),
        moves=True,
        is_nullable=True,
        note="published: those that never were last",
    ),
    "dated": Sort(
        ("dated",), moves=True, is_nullable=True, note="dated: those without a date last"
    ),
    "title": Sort((Lower("title"),), moves=True, note="title: without regard to case"),
}


class ArticleList(Resource):
    listing = Listing(FILTERS, SORTS, sort="-id", logged=Logged("article"))
    fields = ARTICLE_FIELDS

    @extend_schema(operation_id="articles_list", responses=pages_of(ArticleSerializer))
    def get(self, request: Request) -> Response:
        """The articles, newest first: what is published, and for editors all. The text comes with
        `fields=text` only."""
        wanted = wanted_fields(request, ARTICLE_FIELDS) or list(ROW_FIELDS)
        rows: QuerySet[Article] = Article.objects.visible_to(request.user).with_text()
        if "text" not in wanted:
            rows = rows.defer("revision__text")
        if "zones" in wanted:
            rows = rows.prefetch_related("revision__zones")
        if "related_headlines" in wanted:
            rows = rows.prefetch_related("related_headlines")
        page = self.page(rows, request)
        return paged(request, page, ArticleSerializer(page.rows, many=True, only=wanted).data)

    @extend_schema(
        operation_id="articles_create",
        request=NewArticleSerializer,
        responses={201: StoredArticleSerializer, 200: StoredArticleSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Store a story; a worker reads it at once. The same text twice is stored once (200)."""
        data = checked(NewArticleSerializer, request)
        draft = read_text(
            data.pop("text"), title=data.pop("title", ""), language=data.pop("language", "")
        )
        draft = replace(draft, **{key: value for key, value in data.items() if value})
        article, is_new = revising.create_article(draft=draft, actor=request.user)
        body = ArticleSerializer(visible_article(request, article.pk)).data
        return versioned(
            body | {"already_stored": not is_new}, article.version, 201 if is_new else 200,
            Location=f"/api/articles/{article.pk}/",
        )  # fmt: skip


def checked(serializer: Any, request: Request, **options: Any) -> dict[str, Any]:
    """What came in, as the serializer reads it. Raises ValidationError."""
    given = serializer(data=request.data, **options)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class ArticleDetail(Resource):
    fields = ARTICLE_FIELDS

    @extend_schema(operation_id="article", responses=ArticleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One article with its newest text."""
        article = visible_article(request, pk)
        wanted = wanted_fields(request, ARTICLE_FIELDS)
        return versioned(ArticleSerializer(article, only=wanted).data, article.version)

    @extend_schema(
        operation_id="article_change", request=ArticleChangesSerializer, responses=ArticleSerializer
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Correct it, give it a new text, or move its state; with If-Match."""
        article = visible_article(request, pk)
        seen = seen_version(request)
        data = checked(ArticleChangesSerializer, request)
        self._apply(article, data, request.user, seen)
        article = visible_article(request, pk)
        return versioned(ArticleSerializer(article).data, article.version)

    @staticmethod
    def _apply(article: Article, data: dict[str, Any], actor: Any, seen: int) -> None:
        one_at_a_time = [name for name in ("text", "state") if name in data]
        if not data or (one_at_a_time and len(data) > 1):
            field = one_at_a_time[0] if one_at_a_time else "title"
            raise BadParameter(field, "Send text, or state, or other fields: one of these three.")
        if "text" in data:
            revising.revise(article=article, text=data["text"], actor=actor, seen_version=seen)
        elif "state" in data:
            publishing.move(article=article, state=data["state"], actor=actor, seen_version=seen)
        else:
            revising.correct(article=article, actor=actor, seen_version=seen, **data)


def _revisions(request: Request, pk: int) -> QuerySet[Revision]:
    """Those that the client may see: whoever sees only what is published, the newest."""
    article = get_object_or_404(Article.objects.visible_to(request.user), pk=pk)
    rows = Revision.objects.filter(article=article)
    return rows if sees_all(request.user) else rows.filter(pk=article.revision_id)


class RevisionList(Resource):
    listing = Listing(sorts={"created": Sort(("created_at",))})
    fields = tuple(RevisionRowSerializer.Meta.fields)

    @extend_schema(operation_id="revisions_list", responses=pages_of(RevisionRowSerializer))
    def get(self, request: Request, pk: int) -> Response:
        """The texts that the article has had, oldest first; for readers the one they see."""
        page = self.page(_revisions(request, pk).defer("text"), request)
        show = partial(RevisionRowSerializer, only=wanted_fields(request, self.fields))
        return paged(request, page, show(page.rows, many=True).data)


class RevisionDetail(Resource):
    fields = tuple(RevisionSerializer.Meta.fields)

    @extend_schema(operation_id="revision", responses=RevisionSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        """One text of the article."""
        revision = get_object_or_404(_revisions(request, pk), number=number)
        wanted = wanted_fields(request, self.fields)
        return Response(RevisionSerializer(revision, only=wanted).data)
