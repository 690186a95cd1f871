"""Many operations on annotations in one request: all or nothing, or one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.formats.w3c import annotation_iri
from annotations.operations import MOST, Missing, NotAll, Operation, Outcome, perform
from articles.errors import Refused, StaleVersion
from articles.models import Article
from newsdesk.api.idempotency import idempotent
from newsdesk.api.problems import MEDIA_TYPE, PreconditionRequired, problem
from newsdesk.api.resources import Resource
from newsdesk.api.versions import version_in

ACTIONS = ("create", "accept", "reject", "reopen", "change", "delete")


class OperationSerializer(serializers.Serializer):
    """create: `article` and `annotation`; change: `id`, `version`, `annotation`; all others: `id`
    and `version`, which is the number or the ETag that you saw."""

    do = serializers.ChoiceField(ACTIONS)
    article = serializers.IntegerField(required=False)
    id = serializers.CharField(required=False, help_text="The annotation's UUID or IRI")
    version = serializers.JSONField(required=False)
    annotation = serializers.JSONField(required=False)


class BatchSerializer(serializers.Serializer):
    all_or_nothing = serializers.BooleanField(default=False)
    operations = OperationSerializer(many=True, help_text=f"Up to {MOST:,}, done in order")


class ResultSerializer(serializers.Serializer):
    status = serializers.IntegerField(help_text="As it would be for the one request")
    id = serializers.URLField(required=False)
    version = serializers.IntegerField(required=False)
    problem = serializers.JSONField(required=False)


class ResultsSerializer(serializers.Serializer):
    done = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ResultSerializer(many=True, help_text="One for each operation, in their order")


class Batch(Resource):
    @extend_schema(
        operation_id="annotations_batch", request=BatchSerializer,
        responses={200: ResultsSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Create, accept, reject, reopen, change and delete annotations, up to 5,000 operations.

        One by one, each has a result and those refused keep nothing else from being done (200).
        All or nothing, one refused refuses all (422, with the results of each).
        """
        rows, all_or_nothing = _asked(request.data)
        read = [_operation(row) for row in rows]
        good = [one for one in read if isinstance(one, Operation)]
        if all_or_nothing and len(good) < len(rows):
            return _none_done(read)
        try:
            outcomes = iter(perform(
                operations=good, editor=request.user, all_or_nothing=all_or_nothing,
                articles=Article.objects.visible_to(request.user),
            ))  # fmt: skip
        except NotAll as refused:
            return _none_done([outcome.error for outcome in refused.outcomes])
        results = [_result(next(outcomes), o) if isinstance(o, Operation) else _refusal(o)
                   for o in read]  # fmt: skip
        done = sum(result["status"] < 300 for result in results)
        return Response({"done": done, "refused": len(results) - done, "results": results})


def _asked(data: Any) -> tuple[list[Any], bool]:
    """The operations, as they came, and whether it is all or nothing."""
    if not isinstance(data, dict):
        raise Refused("A batch is an object with a list of operations.", field="operations")
    rows, all_or_nothing = data.get("operations"), data.get("all_or_nothing", False)
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST:
        raise Refused(f"operations is a list of 1 to {MOST:,} operations.", field="operations")
    if not isinstance(all_or_nothing, bool):
        raise Refused("all_or_nothing is true or false.", field="all_or_nothing")
    return rows, all_or_nothing


def _operation(row: Any) -> Operation | Exception:
    """One operation as it came, or what is wrong with it."""
    if not isinstance(row, dict) or row.get("do") not in ACTIONS:
        return Refused(f"do is one of {', '.join(ACTIONS)}.", field="do")
    action = row["do"]
    if action == "create":
        article = row.get("article")
        if type(article) is not int or not 0 < article < 2**63:
            return Refused("article is the number of an article.", field="article")
        return Operation(action, article=article, data=row.get("annotation"))
    uuid, seen = _uuid(row.get("id")), _version(row.get("version"))
    if uuid is None:
        return Refused("id is an annotation's UUID or IRI.", field="id")
    if isinstance(seen, Exception):
        return seen
    return Operation(action, uuid=uuid, seen=seen, data=row.get("annotation"))


def _uuid(given: Any) -> UUID | None:
    try:
        return UUID(str(given).rstrip("/").rpartition("/")[2])
    except ValueError:
        return None


def _version(given: Any) -> int | Exception:
    if given is None:
        return PreconditionRequired("Send the version that you saw.")
    try:
        return given if type(given) is int else version_in(str(given))
    except ValueError:
        return Refused("version is the number or the ETag that you saw.", field="version")


def _result(outcome: Outcome, operation: Operation) -> dict[str, Any]:
    if outcome.error or outcome.annotation is None:
        return _refusal(outcome.error)
    status = {"create": 201, "delete": 204}.get(operation.action, 200)
    iri = annotation_iri(outcome.annotation, settings.SITE_URL)
    return {"status": status, "id": iri, "version": outcome.annotation.version}


def _refusal(error: Any) -> dict[str, Any]:
    if isinstance(error, StaleVersion):
        body = problem(412, str(error), current=error.current.snapshot())
    elif isinstance(error, Refused):
        errors = [{"field": error.field, "detail": str(error)}]
        body = problem(422, str(error), errors=errors, **error.extra)
    elif isinstance(error, Missing):
        body = problem(404, str(error))
    else:
        body = problem(428, str(error))
    return {"status": body["status"], "problem": body}


def _none_done(outcomes: list[Any]) -> Response:
    """Why nothing was done; what was not refused itself depended on the rest (424)."""
    results = [_refusal(o) if isinstance(o, Exception) else {"status": 424} for o in outcomes]
    refused = sum("problem" in result for result in results)
    told = f"{refused} of {len(results)} operations are refused, so that none was done."
    return Response(problem(422, told, results=results), status=422, content_type=MEDIA_TYPE)
