"""Carrying an article's annotations to its new text, within the transaction that revises it."""

from __future__ import annotations

from annotations.anchoring import Carrier
from annotations.models import Annotation, Attribution
from articles.changes import Recorder, recording
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
