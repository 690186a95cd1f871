"""What a file says of words that are annotated here already, and what comes of it."""

from __future__ import annotations

from annotations.batching import Deciding
from annotations.formats.w3c import ReadAnnotation
from annotations.models import Annotation
from annotations.models.annotation import Status
from annotations.models.decision import Action
from annotations.models.fields import fold
from articles.errors import Refused


def meet(there: Annotation, read: ReadAnnotation) -> Deciding | None:
    """A suggestion is decided as the file has it; what says the same is left as it is: None. Raises
    Refused where it contradicts what a person decided."""
    if read.status == Status.SUGGESTED:
        return None
    if there.status == Status.SUGGESTED:
        action = Action.REJECT if read.status == Status.REJECTED else Action.ACCEPT
        return Deciding(there.uuid, there.version, action, read)
    if there.status != read.status or not _says_the_same(there, read):
        told = f"These words are tagged here as “{there.name}”"
        kind = there.get_type_display() or there.get_kind_display()
        raise Refused(f"{told}, {kind.lower()}, {there.status}.", field="body")
    return None


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
