"""What a file says of words that are annotated here already, and what comes of it."""

from __future__ import annotations

from typing import Any

from annotations import deciding
from annotations.formats.w3c import ReadAnnotation
from annotations.importing import body_meant
from annotations.models import Annotation
from annotations.models.annotation import Status
from annotations.models.fields import fold
from articles.errors import Refused

KNOWN, DECIDED = "known", "decided"


def meet(there: Annotation, read: ReadAnnotation, editor: Any) -> tuple[Annotation, str]:
    """A suggestion is decided as the file has it; what says the same is left as it is. Raises
    Refused where it contradicts what a person decided."""
    if read.status == Status.SUGGESTED:
        return there, KNOWN
    if there.status == Status.SUGGESTED:
        return _decided(there, read, editor), DECIDED
    if there.status != read.status or not _says_the_same(there, read):
        told = f"These words are tagged here as “{there.name}”"
        kind = there.get_type_display() or there.get_kind_display()
        raise Refused(f"{told}, {kind.lower()}, {there.status}.", field="body")
    return there, KNOWN


def _decided(there: Annotation, read: ReadAnnotation, editor: Any) -> Annotation:
    if read.status == Status.REJECTED:
        return deciding.reject(annotation=there, editor=editor, seen_version=there.version)
    body = body_meant(read, editor=editor)
    return deciding.accept(annotation=there, editor=editor, seen_version=there.version, body=body)


def _says_the_same(there: Annotation, read: ReadAnnotation) -> bool:
    body = read.body
    address = body.get("id", "").rstrip("/")
    if there.body and address and address.endswith(there.body.get_absolute_url().rstrip("/")):
        return True
    type = {"entity": "type", "source": "sourceKind"}.get(there.kind)
    if type and body.get(type, there.type).lower() != there.type:
        return False
    name = body.get("text" if there.kind == "claim" else "name", "")
    return not name or fold(name, 1000) in {fold(n, 1000) for n in (there.name, there.label)}
