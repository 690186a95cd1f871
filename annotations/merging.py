"""The writer that makes one of two: entities, claims and sources that turned out to be the same.

What is merged away stays as a row that points at what it became, so that its old address leads
there. Every row that is moved is logged with its state before: nothing is lost.
"""

from __future__ import annotations

from typing import Any

from annotations.knowledge import add_aliases, require_editor
from annotations.models import Annotation, Claim, ClaimLink, ClaimReview, Entity, Source
from annotations.models.entity import AliasOrigin
from annotations.models.source import SourceKind
from articles.changes import Recorder, recording
from articles.errors import Refused


def merge_entities(*, loser: Entity, winner: Entity, actor: Any) -> Entity:
    """The winner gets the mentions, the source and the names. Raises Refused when one of the two
    is merged already or both are the same."""
    require_editor(actor)
    with recording(actor=actor) as log:
        loser, winner = _locked_pair(Entity, loser, winner)
        _move_annotations(log, {"entity": loser}, {"entity": winner})
        _move_source(log, loser, winner)
        before, winner_before = loser.snapshot(), winner.snapshot()
        names = [loser.name, *loser.aliases.values_list("text", flat=True)]
        add_aliases(winner, names, AliasOrigin.MERGED)
        wikidata_id, loser.wikidata_id = loser.wikidata_id, None
        _point(log, loser, winner, before)
        winner.wikidata_id = winner.wikidata_id or wikidata_id
        winner.description = winner.description or loser.description
        winner.version += 1
        winner.save()
        log.add("change", winner, before=winner_before)
    return winner


def merge_claims(*, loser: Claim, winner: Claim, actor: Any) -> Claim:
    """The winner gets where it was said, the reviews, and the ties to other claims."""
    require_editor(actor)
    with recording(actor=actor) as log:
        loser, winner = _locked_pair(Claim, loser, winner)
        before = loser.snapshot()
        _move_annotations(log, {"claim": loser}, {"claim": winner, "label": winner.text})
        _move_reviews(log, loser, winner)
        _move_links(log, loser, winner)
        _point(log, loser, winner, before)
    return winner


def merge_sources(*, loser: Source, winner: Source, actor: Any) -> Source:
    """The winner gets what was said. Two that are tied to two entities are merged by merging
    these: Refused, as is merging a named source into an unnamed one."""
    require_editor(actor)
    with recording(actor=actor) as log:
        loser, winner = _locked_pair(Source, loser, winner)
        if loser.entity_id and winner.entity_id:
            raise Refused(
                "Each of them is an entity of its own: merge the two entities.", field="into"
            )
        if winner.kind == SourceKind.UNNAMED and loser.kind != SourceKind.UNNAMED:
            raise Refused("A named source cannot become an unnamed one.", field="into")
        before, winner_before = loser.snapshot(), winner.snapshot()
        _move_annotations(log, {"source": loser}, _spoken_by(winner))
        entity, loser.entity = loser.entity, None
        _point(log, loser, winner, before)
        if entity:
            winner.entity, winner.version = entity, winner.version + 1
            winner.save()
            log.add("change", winner, before=winner_before)
    return winner


def _locked_pair(model: Any, loser: Any, winner: Any) -> tuple[Any, Any]:
    if loser.pk == winner.pk:
        raise Refused("It cannot be merged into itself.", field="into")
    rows = model.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[loser.pk, winner.pk])}
    pair = found[loser.pk], found[winner.pk]
    if any(row.merged_into_id for row in pair):
        raise Refused("One of them is merged already.", field="into")
    return pair


def _point(log: Recorder, loser: Any, winner: Any, before: dict[str, Any]) -> None:
    """Let the loser, and what had become the loser, lead to the winner."""
    _point_earlier(log, loser, winner)
    loser.merged_into, loser.version = winner, loser.version + 1
    loser.save()
    log.add("merge", loser, before=before)


def _point_earlier(log: Recorder, loser: Any, winner: Any) -> None:
    for earlier in type(loser).objects.filter(merged_into=loser).order_by("pk"):
        before = earlier.snapshot()
        earlier.merged_into, earlier.version = winner, earlier.version + 1
        earlier.save()
        log.add("change", earlier, before=before)


def _spoken_by(source: Source) -> dict[str, Any]:
    return {"source": source, "type": source.kind, "label": source.name}


def _move_annotations(log: Recorder, old: dict[str, Any], new: dict[str, Any]) -> None:
    for annotation in Annotation.objects.filter(**old).locked():
        before = annotation.snapshot()
        for field, value in new.items():
            setattr(annotation, field, value)
            if field == "entity":
                annotation.type = value.type
        annotation.version += 1
        annotation.save()
        log.add("change", annotation, before=before)


def _move_source(log: Recorder, loser: Entity, winner: Entity) -> None:
    spoken = Source.objects.current().filter(entity=loser).first()
    if not spoken:
        return
    target = Source.objects.current().filter(entity=winner).first()
    before = spoken.snapshot()
    if target:
        _move_annotations(log, {"source": spoken}, {"source": target})
        _point_earlier(log, spoken, target)
        spoken.merged_into = target
    spoken.entity, spoken.version = winner, spoken.version + 1
    spoken.save()
    log.add("merge" if target else "change", spoken, before=before)


def _move_reviews(log: Recorder, loser: Claim, winner: Claim) -> None:
    for review in ClaimReview.objects.filter(claim=loser).select_for_update():
        before = review.snapshot()
        review.claim = winner
        review.save()
        log.add("change", review, before=before)


def _move_links(log: Recorder, loser: Claim, winner: Claim) -> None:
    """Ties of the loser become the winner's; one that the winner has, or that would tie it to
    itself, is dropped, as it says nothing more."""
    for end in ("claim", "other"):
        for link in ClaimLink.objects.filter(**{end: loser}).select_for_update():
            before = link.snapshot()
            setattr(link, end, winner)
            same = ClaimLink.objects.filter(claim=link.claim, other=link.other, kind=link.kind)
            if link.claim_id == link.other_id or same.exists():
                log.drop("unlink", link, before=before)
                link.delete()
            else:
                link.save()
                log.add("change", link, before=before)
