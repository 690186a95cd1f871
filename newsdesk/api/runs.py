"""Runs: the readings of articles by the suggesters. For editors only."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.models import Run
from annotations.models.run import RunState
from annotations.reading import queue_run
from newsdesk.api.articles import visible_article
from newsdesk.api.filters import between, of_id, some_of
from newsdesk.api.idempotency import idempotent
from newsdesk.api.paging import Listing
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.resources import Resource, paged, wanted_fields
from newsdesk.api.schema import pages_of
from newsdesk.api.serializers import RunSerializer
from newsdesk.api.sorting import Logged, Sort

FIELDS = tuple(RunSerializer.Meta.fields)
FILTERS = {"state": some_of("state", RunState.values), **between("queued", "queued_at")}
SORTS = {
    "queued": Sort(("queued_at",)),
    "finished": Sort(
        ("finished_at",), moves=True, is_nullable=True, note="finished: open ones last"
    ),
}
LOGGED = Logged("run", "uuid")


class Runs(Resource):
    permission_classes = [EditorsOnly]
    fields = FIELDS

    def listed(self, request: Request, rows: QuerySet[Run]) -> Response:
        rows = rows.select_related("revision").defer("revision__text")
        page = self.page(rows, request)
        wanted = wanted_fields(request, FIELDS)
        return paged(request, page, RunSerializer(page.rows, many=True, only=wanted).data)


class RunList(Runs):
    listing = Listing(
        {**FILTERS, "article": of_id("revision__article")}, SORTS, sort="-id", logged=LOGGED
    )

    @extend_schema(operation_id="runs_list", responses=pages_of(RunSerializer))
    def get(self, request: Request) -> Response:
        """The readings of all articles, newest first."""
        return self.listed(request, Run.objects.all())


class RunDetail(Runs):
    @extend_schema(operation_id="run", responses=RunSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One reading."""
        run = get_object_or_404(Run.objects.select_related("revision"), uuid=uuid)
        return Response(RunSerializer(run, only=wanted_fields(request, FIELDS)).data)


class ArticleRuns(Runs):
    listing = Listing(FILTERS, SORTS, sort="-id", logged=LOGGED)

    @extend_schema(operation_id="article_runs_list", responses=pages_of(RunSerializer))
    def get(self, request: Request, pk: int) -> Response:
        """The readings of the article's revisions, newest first."""
        article = visible_article(request, pk)
        return self.listed(request, Run.objects.filter(revision__article=article))

    @extend_schema(operation_id="article_runs_create", request=None, responses={202: RunSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Ask for another reading of the newest text."""
        run = queue_run(revision=visible_article(request, pk).revision)
        headers = {"Location": f"/api/runs/{run.uuid}/"}
        return Response(RunSerializer(run).data, status=202, headers=headers)
