"""The writer for machines: reads a revision, links what is found to what the desk knows, stores it
as suggestions.

Nothing that a person decided is altered or repeated: a place that somebody decided is left
alone, and no mention is suggested across an accepted one. What an earlier run suggested, and nobody
touched, is refreshed where this one says something else of it, and taken back where it is not
found any more.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from annotations import linking, matching, reading
from annotations.linking import Link
from annotations.matching import Match
from annotations.models import Alias, Annotation, Attribution, Decision, Entity, Run, Suggester
from annotations.models.annotation import Kind, Status
from annotations.models.entity import EntityType
from annotations.models.run import RunState
from annotations.nlp.dictionary import DictionarySuggester, Name
from annotations.nlp.lineup import line_up
from annotations.nlp.predictions import ClaimSpans, Mention, Predictions, SourceSpan, Span, Tie
from annotations.nlp.spacy_pipeline import suggesters as spacy_suggesters
from annotations.nlp.suggester import Document
from annotations.nlp.suggester import Suggester as SuggesterProtocol
from annotations.nlp.suggester import read as read_with
from annotations.rejected import without_rejected
from annotations.sources import SPEAKS_AS
from annotations.spans import overlap
from articles.changes import Recorder, recording
from articles.models import Revision, Zone
from articles.revising import lock_article

log = logging.getLogger(__name__)

Place = tuple[str, tuple[tuple[int, int], ...]]
# What a run says of a place, beside where it is.
SAID = ("type", "label", "entity", "proposal", "confidence", "reason", "suggester")


def read(run_id: int, suggesters: Sequence[SuggesterProtocol] | None = None) -> None:
    """Do a run, if nobody else is at it and it is not done. Safe to call twice.

    A failure is written into the run, which is tried again later.
    """
    with reading.run_lock(run_id) as held:
        run = reading.begin_attempt(run_id) if held else None
        if run is None:
            return
        try:
            _read(run, suggesters if suggesters is not None else current_suggesters())
            log.info("read article %s: %s", run.revision.article_id, run.counts)
        except reading.Superseded:
            log.info("run %s was overtaken", run_id)
        except Exception as error:  # whatever a suggester raises, the run must say it
            log.exception("run %s failed", run_id)
            reading.fail_attempt(run, error)


def _read(run: Run, suggesters: Sequence[SuggesterProtocol]) -> None:
    merged = Predictions()
    document = document_of(run.revision)
    for number, (_, so_far) in enumerate(read_with(document, suggesters), start=1):
        merged = so_far
        reading.report_progress(run, 90 * number // len(suggesters))
    store(run=run, predictions=merged, suggesters=suggesters)


def document_of(revision: Revision) -> Document:
    """The revision as the suggesters take it: boilerplate is not read."""
    zones = revision.zones.exclude(kind=Zone.Kind.BOILERPLATE).order_by("start")
    body = tuple(Span(*zone) for zone in zones.values_list("start", "end"))
    return Document(revision.text, revision.article.language, body or (Span(0, 0),))


_cache: tuple[Any, DictionarySuggester] | None = None
_cache_lock = threading.Lock()


def current_suggesters() -> list[SuggesterProtocol]:
    """The desk's suggesters in their order; the dictionary is made anew when names changed."""
    # Not at the top: every process imports this module, and few of them read.
    from annotations.nlp.reader import reader_at
    from annotations.weights import model_folder

    global _cache  # noqa: PLW0603 - one dictionary a process
    entities = Entity.objects.aggregate(count=Count("pk"), newest=Max("updated_at"))
    aliases = Alias.objects.aggregate(count=Count("pk"), newest=Max("pk"))
    state = (*entities.values(), *aliases.values())
    with _cache_lock:
        if _cache is None or _cache[0] != state:
            _cache = (state, DictionarySuggester(_names()))
        spacy = spacy_suggesters(settings.SPACY_PIPELINE)
        return line_up(_cache[1], reader_at(model_folder()), spacy)


def _names() -> Iterable[Name]:
    for pk, name, type in Entity.objects.current().values_list("pk", "name", "type"):
        yield Name(name, type, pk, name)
    aliases = Alias.objects.filter(entity__merged_into__isnull=True)
    for text, type, pk, name in aliases.values_list(
        "text", "entity__type", "entity_id", "entity__name"
    ):
        yield Name(text, type, pk, name)


def store(*, run: Run, predictions: Predictions, suggesters: Sequence[SuggesterProtocol]) -> None:
    """Write the predictions as suggestions and finish the run, all of it or nothing."""
    # Before the article is locked: it takes a moment, and nobody needs to wait for it.
    recalled = recall(run.revision, predictions)
    with recording(agent="reader") as changes:
        lock_article(pk=run.revision.article_id)
        locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.attempt != run.attempt or locked.state != RunState.RUNNING:
            raise reading.Superseded(f"run {run.pk} attempt {run.attempt}")
        versions = _versions(suggesters)
        writer = _Writer(run, versions, changes, recalled)
        counts = writer.write(predictions)
        before = locked.snapshot()
        locked.state, locked.progress = RunState.DONE, 100
        locked.finished_at = timezone.now()
        run.counts = locked.counts = counts
        locked.suggesters = {s.name: s.version for s in suggesters}
        locked.save()
        changes.add("finish", locked, before=before)


@dataclass(frozen=True)
class Recalled:
    """What the desk knows of the things that were found: what is meant by the mention at a span,
    which entity speaks as a source of some name and kind, which claims say what a sentence says."""

    links: dict[Span, Link]
    speakers: dict[tuple[str, str | None], int]
    said: dict[str, list[Match]]


def recall(revision: Revision, predictions: Predictions) -> Recalled:
    """Look up whatever the predictions are about. Writes nothing."""
    mentions = predictions.mentions
    linked = list(zip(mentions, linking.link(revision=revision, mentions=mentions), strict=True))
    sentences = list(dict.fromkeys(claim.text for claim in predictions.claims))
    return Recalled(
        links={mention.span: link for mention, link in linked},
        speakers={
            (mention.name, SPEAKS_AS.get(EntityType(mention.type))): link.entity
            for mention, link in linked
            if link.entity
        },
        said=dict(zip(sentences, matching.matches(sentences), strict=True)),
    )


def _versions(suggesters: Iterable[SuggesterProtocol]) -> dict[str, Suggester]:
    known = {(row.name, row.version): row for row in Suggester.objects.all()}
    return {
        s.name: known.get((s.name, s.version))
        or Suggester.objects.get_or_create(name=s.name, version=s.version)[0]
        for s in suggesters
    }


class _Writer:
    """Writes one run's predictions around what is there."""

    def __init__(
        self,
        run: Run,
        suggesters: dict[str, Suggester],
        changes: Recorder,
        recalled: Recalled,
    ) -> None:
        self.run = run
        self.recalled = recalled
        self.revision = run.revision
        self.suggesters = suggesters
        self.changes = changes
        there = Annotation.objects.kept().with_bodies().filter(revision=self.revision)
        self.there: dict[Place, Annotation] = {_place(a.kind, a.spans): a for a in there}
        self.decided = self._decided_places()
        self.untouched = self._untouched()
        self.accepted = [
            a.spans for a in there if a.kind == Kind.ENTITY and a.status == Status.ACCEPTED
        ]

    def _decided_places(self) -> set[Place]:
        """Where people decided, also about what they moved or deleted since."""
        rows = Decision.objects.filter(revision=self.revision)
        places = {
            _place(kind, spans) for kind, spans in rows.values_list("annotation__kind", "spans")
        }
        return places | {p for p, a in self.there.items() if a.status != Status.SUGGESTED}

    def _untouched(self) -> set[Place]:
        """Places of suggestions that machines made and no person decided, moved or tied."""
        by_person: set[int | None] = set(
            Decision.objects.filter(annotation__in=self.there.values()).values_list(
                "annotation", flat=True
            )
        )
        ties = Attribution.objects.filter(claim__in=self.there.values())
        for pair in ties.exclude(status=Status.SUGGESTED).values_list("claim", "source"):
            by_person.update(pair)
        return {
            place
            for place, a in self.there.items()
            if a.status == Status.SUGGESTED and a.creator_id is None and a.pk not in by_person
        } - self.decided

    def write(self, predictions: Predictions) -> dict[str, int]:
        wanted = [
            *without_rejected(map(self._mention, predictions.mentions)),
            *map(self._source, predictions.sources),
            *map(self._claim, predictions.claims),
        ]
        by_place = {_place(a.kind, a.spans): a for a in wanted}
        self._take_back(by_place)
        self._refresh(by_place)
        new = [a for place, a in by_place.items() if self._is_free(place, a)]
        Annotation.objects.bulk_create(new, batch_size=500)
        for annotation in new:
            self.changes.add("suggest", annotation)
            self.there[_place(annotation.kind, annotation.spans)] = annotation
        self._tie_all(predictions.ties)
        return dict(Counter(str(annotation.kind) for annotation in new))

    def _is_free(self, place: Place, annotation: Annotation) -> bool:
        if place in self.there or place in self.decided:
            return False
        crosses = (overlap(annotation.spans, spans) for spans in self.accepted)
        return annotation.kind != Kind.ENTITY or not any(crosses)

    def _take_back(self, wanted: dict[Place, Annotation]) -> None:
        """Suggestions of earlier runs that were not found again."""
        for place in sorted(self.untouched - wanted.keys()):
            annotation = self.there.pop(place)
            before = annotation.snapshot()
            annotation.deleted_at = timezone.now()
            annotation.version += 1
            annotation.save()
            self.changes.add("take back", annotation, before=before)

    def _refresh(self, wanted: dict[Place, Annotation]) -> None:
        """Suggestions of earlier runs of which this one says something else."""
        for place in sorted(self.untouched & wanted.keys()):
            annotation, anew = self.there[place], wanted[place]
            if all(getattr(annotation, name) == getattr(anew, name) for name in SAID):
                continue
            before = annotation.snapshot()
            for name in (*SAID, "run"):
                setattr(annotation, name, getattr(anew, name))
            annotation.version += 1
            annotation.save()
            self.changes.add("refresh", annotation, before=before)

    def _annotation(
        self,
        kind: str,
        spans: Iterable[Span],
        found: Mention | SourceSpan | ClaimSpans,
        **fields: Any,
    ) -> Annotation:
        annotation = Annotation(
            article=self.revision.article,
            revision=self.revision,
            kind=kind,
            confidence=round(found.confidence, 4),
            reason=found.reason[:300],
            suggester=self.suggesters.get(found.suggester),
            run=self.run,
            **fields,
        )
        annotation.put_at(list(spans))
        return annotation

    def _mention(self, found: Mention) -> Annotation:
        link = self.recalled.links[found.span]
        entity = self.entities.get(link.entity or 0)
        reason = "; ".join(filter(None, [found.reason, link.reason]))
        return self._annotation(
            Kind.ENTITY, [found.span], replace(found, reason=reason),
            type=entity.type if entity else found.type,
            label=(entity.name if entity else found.name)[:300],
            entity=entity, proposal=link.proposal,
        )  # fmt: skip

    @cached_property
    def entities(self) -> dict[int, Entity]:
        """Those linked to, by id; one that was merged meanwhile gives way to the other."""
        ids = {link.entity for link in self.recalled.links.values() if link.entity}
        linked = Entity.objects.filter(pk__in=ids).select_related("merged_into")
        return {entity.pk: entity.merged_into or entity for entity in linked}

    def _source(self, found: SourceSpan) -> Annotation:
        proposal = {
            # A name that several share was linked after its source was found.
            "entity": found.entity or self.recalled.speakers.get((found.name, found.kind)),
            "affiliation": found.affiliation[:300],
            "unnamed_reason": found.unnamed_reason[:500],
        }
        return self._annotation(
            Kind.SOURCE, [found.span], found,
            type=found.kind, label=found.name[:300],
            proposal={key: value for key, value in proposal.items() if value},
        )  # fmt: skip

    def _claim(self, found: ClaimSpans) -> Annotation:
        said = [asdict(match) for match in self.recalled.said[found.text]]
        return self._annotation(
            Kind.CLAIM, found.spans, found,
            label=found.text[:1000], proposal={"said_before": said} if said else {},
        )  # fmt: skip

    def _tie_all(self, ties: list[Tie]) -> None:
        """Tie the claims to their sources, the outer ones before those nested in them."""
        made: dict[tuple[Span, ...], Attribution] = {}
        for tie in sorted(ties, key=lambda tie: tie.parent is not None):
            attribution = self._tie(tie, made)
            if attribution:
                made.setdefault(tie.claim.spans, attribution)

    def _tie(self, tie: Tie, made: dict[tuple[Span, ...], Attribution]) -> Attribution | None:
        claim = self.there.get(_place(Kind.CLAIM, tie.claim.spans))
        source = self.there.get(_place(Kind.SOURCE, [tie.source.span])) if tie.source else None
        if claim is None or (tie.source and source is None):
            return None
        known = Attribution.objects.filter(claim=claim)
        # Somebody may have tied it otherwise, or said that it is not this source's.
        if known.exists():
            return known.filter(source=source).first()
        attribution = Attribution.objects.create(
            claim=claim,
            source=source,
            cue=[list(span) for span in tie.cue],
            manner=tie.manner,
            mode=tie.mode,
            by_outlet=tie.by_outlet,
            parent=made.get(tie.parent.spans) if tie.parent else None,
            confidence=round(tie.confidence, 4),
            reason=tie.reason[:300],
            suggester=self.suggesters.get(tie.suggester),
        )
        self.changes.add("suggest", attribution)
        return attribution


def _place(kind: str, spans: Iterable[Sequence[int]]) -> Place:
    return kind, tuple((start, end) for start, end in spans)
