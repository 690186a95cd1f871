"""Articles, their runs, and the annotations on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.importing import add_annotation
from annotations.models import Annotation, Run
from annotations.reading import queue_run
from articles import publishing, revising
from articles.ingest.text import read_text
from articles.models import Article
from newsdesk.api import filters
from newsdesk.api.annotations import as_jsonld, as_page
from newsdesk.api.paging import Pages
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.problems import BadParameter
from newsdesk.api.serializers import (
    STATES,
    AnnotationSerializer,
    ArticleChangesSerializer,
    ArticleRowSerializer,
    ArticleSerializer,
    NewArticleSerializer,
    RunSerializer,
)
from newsdesk.api.versions import etag, seen_version, versioned

FILTERS = {
    "state": ("state", filters.one_of(STATES)),
    "outlet": ("outlet__name__iexact", filters.text),
    "language": ("language", filters.text),
    "q": ("title__icontains", filters.text),
}


def visible_article(request: Request, pk: int) -> Article:
    rows = Article.objects.visible_to(request.user).with_text()
    return get_object_or_404(rows, pk=pk)


class ArticleList(APIView):
    @extend_schema(
        responses=ArticleRowSerializer(many=True),
        parameters=[OpenApiParameter(name) for name in (*FILTERS, "page", "page_size")],
    )
    def get(self, request: Request) -> Response:
        """The articles, newest first: what is published, and for editors all."""
        rows: QuerySet[Article] = Article.objects.visible_to(request.user).with_text()
        rows = filters.filtered(rows, request, FILTERS).order_by("-created_at", "-pk")
        pages = Pages()
        page = pages.paginate_queryset(rows.defer("revision__text"), request)
        return pages.get_paginated_response(ArticleRowSerializer(page, many=True).data)

    @extend_schema(
        request=NewArticleSerializer, responses={201: ArticleSerializer, 200: ArticleSerializer}
    )
    def post(self, request: Request) -> Response:
        """Store a story; a worker reads it at once. The same text twice is stored once (200)."""
        data = _checked(NewArticleSerializer, request)
        draft = read_text(
            data.pop("text"), title=data.pop("title", ""), language=data.pop("language", "")
        )
        draft = replace(draft, **{key: value for key, value in data.items() if value})
        article, is_new = revising.create_article(draft=draft, actor=request.user)
        body = ArticleSerializer(visible_article(request, article.pk)).data
        answer = versioned(request, body | {"already_stored": not is_new}, article.version)
        answer.status_code = 201 if is_new else 200
        answer["Location"] = f"/api/articles/{article.pk}/"
        return answer


def _checked(serializer: Any, request: Request, **options: Any) -> dict[str, Any]:
    checked = serializer(data=request.data, **options)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


class ArticleDetail(APIView):
    @extend_schema(responses=ArticleSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One article with its newest text."""
        article = visible_article(request, pk)
        return versioned(request, ArticleSerializer(article).data, article.version)

    @extend_schema(request=ArticleChangesSerializer, responses=ArticleSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct it, give it a new text, or move its state; with If-Match."""
        article = visible_article(request, pk)
        seen = seen_version(request)
        data = _checked(ArticleChangesSerializer, request)
        self._apply(article, data, request.user, seen)
        return self.get(request, pk)

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


class ArticleRuns(APIView):
    permission_classes = [EditorsOnly]

    @extend_schema(responses=RunSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The readings of the article's revisions, newest first."""
        article = visible_article(request, pk)
        runs = Run.objects.filter(revision__article=article).select_related("revision")
        pages = Pages()
        page = pages.paginate_queryset(runs.order_by("-queued_at", "-pk"), request)
        return pages.get_paginated_response(RunSerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: RunSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Ask for another reading of the newest text."""
        run = queue_run(revision=visible_article(request, pk).revision)
        return Response(RunSerializer(run).data, status=202)


class ArticleAnnotations(APIView):
    @extend_schema(responses=AnnotationSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The annotations on the article, in text order, as W3C JSON-LD."""
        article = visible_article(request, pk)
        rows = Annotation.objects.visible_to(request.user).filter(article=article)
        return as_page(request, rows.order_by("start", "-end", "pk"))

    @extend_schema(request=AnnotationSerializer, responses={201: AnnotationSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Add a W3C annotation. A quote that does not match its position is refused (422)."""
        # The text is read once the article is locked.
        rows = Article.objects.visible_to(request.user)
        article = get_object_or_404(rows.only("pk"), pk=pk)
        added = add_annotation(article=article, data=request.data, editor=request.user)
        data = as_jsonld(request, [added])[0]
        return Response(
            data, status=201, headers={"Location": data["id"], "ETag": etag(added.version)}
        )
