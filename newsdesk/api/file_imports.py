"""Files to be imported: sent, taken in by a worker, looked after by whoever sent them."""

from __future__ import annotations

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import imports
from annotations.formats.catalogue import IMPORTED
from annotations.models import Import, ImportProblem
from articles.roles import is_chief
from newsdesk.api.export import NUMBER
from newsdesk.api.filters import number_in, text
from newsdesk.api.paging import Listing
from newsdesk.api.permissions import EditorsOnly
from newsdesk.api.problems import BadParameter
from newsdesk.api.resources import Resource, paged
from newsdesk.api.schema import pages_of
from newsdesk.api.sorting import Sort

PIECE = 1 << 16
IN_MEMORY = 1_000_000
# What stands around a file in a form.
FORM = 100_000
PROBLEMS = 500
FORMAT = OpenApiParameter("format", enum=IMPORTED, default="w3c")
NAME = OpenApiParameter("name", description="of the file, to find it again")


class FileTooLarge(exceptions.APIException):
    status_code = 413

    def __init__(self) -> None:
        super().__init__(str(imports.TooLarge()))


class WholeBody(BaseParser):
    """The body is the file, whatever its media type."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, IO[bytes]]:
        # It goes with the request.
        file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        size = 0
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > settings.IMPORT_BYTES:
                raise FileTooLarge()
            file.write(piece)
        file.seek(0)
        return {"file": file}


class ImportProblemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ImportProblem
        fields = ["line", "place", "field", "reason"]


class ImportSerializer(serializers.ModelSerializer):
    """Of `counts`: added, known (here already), decided (a suggestion was), stories, attributions,
    refused (see the problems)."""

    id = serializers.UUIDField(source="uuid")
    counts = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = Import
        fields = [
            "id", "format", "name", "size", "state", "progress", "counts", "error", "queued_at",
            "started_at", "finished_at",
        ]  # fmt: skip


class ImportWithProblemsSerializer(ImportSerializer):
    """With what was not taken in, PROBLEMS at a time; `next` is where more of them are."""

    problems = ImportProblemSerializer(many=True)
    next = serializers.URLField(allow_null=True)

    class Meta(ImportSerializer.Meta):
        fields = [*ImportSerializer.Meta.fields, "problems", "next"]


class Imports(Resource):
    permission_classes = [EditorsOnly]
    parser_classes: ClassVar[list[Any]] = [MultiPartParser, WholeBody]

    def visible(self, request: Request) -> QuerySet[Import]:
        """A person's own; a chief's are everybody's."""
        rows = Import.objects.all()
        return rows if is_chief(request.user) else rows.filter(creator=request.user)


class ImportList(Imports):
    listing = Listing(sorts={"queued": Sort(("queued_at",))}, sort="-id")

    def parameters(self, method: str) -> tuple[str, ...]:
        return ("format", "name") if method == "POST" else super().parameters(method)

    @extend_schema(operation_id="imports_list", responses=pages_of(ImportSerializer))
    def get(self, request: Request) -> Response:
        """What you imported, newest first; a chief sees what everybody did."""
        page = self.page(self.visible(request), request)
        return paged(request, page, ImportSerializer(page.rows, many=True).data)

    @extend_schema(
        operation_id="imports_create",
        parameters=[FORMAT, NAME],
        request={
            "application/octet-stream": OpenApiTypes.BINARY,
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            },
        },
        responses={202: ImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send a file, as the body or as `file` of a form, in a format that export has. A worker
        takes it in: Location is where to see how far it is and what did not fit. Sent again, it
        makes nothing twice."""
        format = request.query_params.get("format", "w3c")
        if format not in IMPORTED:
            raise BadParameter("format", f"format is one of {', '.join(IMPORTED)}.")
        self._refuse_size(request)
        file = request.data.get("file")
        if not hasattr(file, "read"):
            raise exceptions.ValidationError(
                {"file": ["Send the file as the body, or as `file` of a form."]}
            )
        made = imports.create(
            file=file, format=format, name=_name(request, file), creator=request.user
        )
        headers = {"Location": f"/api/import/{made.uuid}/"}
        return Response(ImportSerializer(made).data, status=202, headers=headers)

    @staticmethod
    def _refuse_size(request: Request) -> None:
        """Before anything of the body is read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.IMPORT_BYTES + FORM:
            raise FileTooLarge()


def _name(request: Request, file: Any) -> str:
    # Of a body on its way through a temporary file the name is that file's number.
    own = getattr(file, "name", "")
    given = request.query_params.get("name") or (own if isinstance(own, str) else "")
    try:
        return text(given)
    except ValueError as error:
        raise BadParameter("name", f"name {error}.") from error


class ImportDetail(Imports):
    def parameters(self, method: str) -> tuple[str, ...]:
        return ("after",) if method in ("GET", "HEAD") else ()

    @extend_schema(
        operation_id="import",
        parameters=[OpenApiParameter("after", NUMBER, description="more problems: see `next`")],
        responses=ImportWithProblemsSerializer,
    )
    def get(self, request: Request, uuid: UUID) -> Response:
        """How far an import is, and what was not taken in: the line of the file, the field, and
        why. All else was."""
        file = get_object_or_404(self.visible(request), uuid=uuid)
        after = number_in(request, "after", default=0)
        problems = list(file.problems.filter(pk__gt=after).order_by("pk")[: PROBLEMS + 1])
        more = len(problems) > PROBLEMS
        address = f"{settings.SITE_URL}/api/import/{file.uuid}/?after="
        data = {
            **ImportSerializer(file).data,
            "problems": ImportProblemSerializer(problems[:PROBLEMS], many=True).data,
            "next": f"{address}{problems[PROBLEMS - 1].pk}" if more else None,
        }
        return Response(data)
