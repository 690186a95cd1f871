"""Carrying what stands in an older text to the newest one: an article's annotations, within the
transaction that revises it; a single one, or bare spans, whenever they come late."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from annotations.anchoring import Carrier
from annotations.models import Annotation, Attribution
from annotations.spans import checked_spans, words_of
from articles.changes import Recorder, recording
from articles.errors import Refused
from articles.models import Revision


def carry_across(*, old: Revision, new: Revision) -> None:
    """Move each annotation that has a certain place in the new text.

    The others stay at the old revision: they are detached, listed as such, and lost to nobody.
    Detached ones of older revisions are tried again from where they last stood.
    """
    with recording() as log:
        annotations = list(
            Annotation.objects.kept()
            .filter(article_id=new.article_id)
            .exclude(revision=new)
            .locked()
        )
        carriers: dict[int, Carrier] = {}
        moved: dict[int, Carrier] = {}
        for annotation in annotations:
            standing = annotation.revision
            carrier = carriers.setdefault(standing.pk, Carrier(standing.text, new.text))
            if _carry(annotation, new, carrier, log):
                moved[annotation.pk] = carrier
        _carry_cues(moved, log)


def _carry(annotation: Annotation, new: Revision, carrier: Carrier, log: Recorder) -> bool:
    spans = carrier.carry(annotation.spans)
    taken = spans is not None and Annotation.objects.kept().filter(
        revision=new, kind=annotation.kind, spans=spans
    )
    if spans is None or taken:
        return False
    before = annotation.snapshot()
    annotation.revision = new
    annotation.put_at(spans)
    annotation.version += 1
    annotation.save()
    log.add("carry", annotation, before=before)
    return True


def _carry_cues(moved: dict[int, Carrier], log: Recorder) -> None:
    """A tie follows its claim; a cue that has no certain place any more is dropped from it."""
    for attribution in Attribution.objects.with_ends().filter(claim__in=moved):
        if not attribution.cue:
            continue
        before = attribution.snapshot()
        attribution.cue = moved[attribution.claim_id].carry(attribution.cue) or []
        attribution.version += 1
        attribution.save()
        log.add("carry", attribution, before=before)


@lru_cache(maxsize=4)
def _carrier(old: int, new: int) -> Carrier:
    """Between two revisions, by their keys: their texts never change."""
    texts = Revision.objects.in_bulk([old, new])
    return Carrier(texts[old].text, texts[new].text)


def carried(*, spans: Any, number: int | None, to: Revision) -> list[list[int]]:
    """Spans that count in the revision of that number, where they stand in `to`.

    Raises Refused when they stand in neither, or have no certain place in `to`; without a number
    they are taken to count in it.
    """
    if number is None or number == to.number:
        return checked_spans(spans, to.text)
    old = Revision.objects.filter(article=to.article_id, number=number).first()
    if old is None:
        raise Refused("This story has no such revision.", field="revision")
    checked = checked_spans(spans, old.text)
    places = _carrier(old.pk, to.pk).carry(checked)
    if places is None:
        words = words_of(old.text, checked)[:200]
        raise Refused(
            f"The text was revised since, and “{words}” has no certain place in it any more.",
            field="revision",
            words=words,
        )
    return places


def bring_up(annotation: Annotation, newest: Revision) -> None:
    """Put an annotation of an older text where it stands in the newest, if that is certain."""
    if annotation.revision_id == newest.pk:
        return
    places = _carrier(annotation.revision_id, newest.pk).carry(annotation.spans)
    if places is not None:
        annotation.revision = newest
        annotation.put_at(places)
