"""Putting what files say onto stories: annotations that are new are added, machines' suggestions
are decided, what is here already is left as it is, and what contradicts a person's decision is
refused. So the same file may come twice.

Many records are placed at once, in few queries. Where the database refuses what they come to, they
are placed again one after the other, so that only the one at fault is lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from uuid import UUID

from django.db import DataError, IntegrityError

from annotations import fitting
from annotations.batching import Batch, locked_rows
from annotations.calling import Called
from annotations.filed import (
    Item,
    addresses_in,
    has_ties,
    item_of,
    item_of_tag,
    read_tie,
    storable_story,
)
from annotations.formats.records import Record, Unreadable
from annotations.formats.story import Story, outer_first
from annotations.formats.uuids import uuid_in
from annotations.formats.w3c import ReadAttribution
from annotations.meeting import meet
from annotations.models import Annotation, Attribution, Import
from annotations.models.annotation import Status
from annotations.places import Place, place_of
from annotations.revising import carried
from annotations.spans import words_of
from annotations.tying import Ties
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.ingest.draft import UnreadableText
from articles.models import Article
from articles.revising import lock_articles

SAME_MOMENT = "Somebody stored the same at the same moment: send it again."
KINDS = ("entity", "source", "claim")

Work = Callable[["Placer", Sequence[Record]], None]
# An attribution that came with a record, on the annotation that the record is here.
Tied = tuple[Record, Annotation, ReadAttribution]


def place_all(
    work: Work, records: Sequence[Record], *, file: Import, base: str, log: Recorder
) -> Placer:
    """Place records of one file, for the person who sent it, within one transaction. `base` is the
    desk's own address. What became of them is in the placer's `counts` and `problems`."""
    try:
        return _placed(work, records, Placer(file, base, log, each=False))
    except (IntegrityError, DataError):
        return _placed(work, records, Placer(file, base, log, each=True))


def _placed(work: Work, records: Sequence[Record], placer: Placer) -> Placer:
    with recording():
        work(placer, records)
    order = {id(record): number for number, record in enumerate(records)}
    placer.problems.sort(key=lambda problem: order[id(problem[0])])
    return placer


class Placer:
    """Places records: all at once or, with `each`, one after the other."""

    def __init__(self, file: Import, base: str, log: Recorder, *, each: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.problems: list[tuple[Record, Unreadable]] = []
        self._file, self._base, self._log, self._each = file, base, log, each
        self._begin()

    def _begin(self) -> None:
        self._batch = Batch(self._file.creator, self._log)
        self._ties = Ties(self._log)
        self._called = Called(self._file)
        self._standing: dict[Place, Annotation] = {}
        self._uuids: dict[UUID, Annotation] = {}

    # Annotations that stand alone, in three passes over the file

    def annotations(self, records: Sequence[Record]) -> None:
        """Pass one: the annotations without their ties."""
        for item in self._ready(self._read(records, self._refusing)):
            with self._refusing(item.record):
                self._called.name(item.read.id, self._place(item))
        self._store()

    def ties(self, records: Sequence[Record]) -> None:
        """Pass two: their ties, once all that these may name is there."""
        found = self._attributions(records)
        ties = [tie for *_, tie in found]
        self._called.look_up((tie.source for tie in ties), (tie.parent for tie in ties))
        self._look_up_ties((claim, tie) for _, claim, tie in found)
        for record, claim, tie in found:
            with self._refusing(record):
                source = self._called.annotation(tie.source)
                parent = self._called.attribution(tie.parent)
                self._called.name(tie.id, self._tie(claim, source, parent, tie))
        self._store()

    def parents(self, records: Sequence[Record]) -> None:
        """Pass three: which ties stand inside which."""
        found = [one for one in self._attributions(records, nested=True) if one[2].parent]
        self._called.look_up((), (name for *_, tie in found for name in (tie.id, tie.parent)))
        for record, claim, tie in found:
            with self._refusing(record):
                self._nest(claim, tie)
        self._store()

    def _attributions(self, records: Sequence[Record], *, nested: bool = False) -> list[Tied]:
        tied = [record for record in records if has_ties(record.data, nested=nested)]
        # What is wrong with the annotation itself, the first pass told.
        items = self._read(tied, lambda _: suppress(Refused, UnreadableText))
        self._find_standing(items)
        return [
            (item.record, claim, tie)
            for item in items
            if (claim := self._standing.get(item.place))
            for tie in item.read.attributions
        ]

    def _read(
        self,
        records: Sequence[Record],
        refusing: Callable[[Record], AbstractContextManager[None]],
    ) -> list[Item]:
        """The annotations of the records, with their stories, which are locked."""
        named: list[tuple[Record, list[str]]] = []
        for record in records:
            with refusing(record):
                named.append((record, addresses_in(record.data)))
        known = fitting.articles_at({each for _, all_ in named for each in all_}, self._base)
        articles = _locked(pk for pk, _ in known.values())
        items: list[Item] = []
        for record, addresses in named:
            with refusing(record):
                pk, is_certain = known.get(addresses[0], (0, False))
                if any(known.get(each, (0, False))[0] != pk for each in addresses):
                    raise Refused("Its targets are on different stories.", field="target.source")
                items.append(item_of(record, articles.get(pk), is_certain=is_certain))
        return items

    # Stories with all that is on them

    def stories(self, records: Sequence[Record]) -> None:
        """The stories' tags and ties, each on the article that the story is or becomes."""
        self.problems += [(r, problem) for r in records for problem in r.problems]
        found: list[tuple[Record, Story, int]] = []
        for record in records:
            with self._refusing(record):
                found.append((record, *self._article_of(record)))
        articles = _locked(pk for *_, pk in found)
        fitted = [
            (record, self._fitted(record, story, articles[pk]), articles[pk])
            for record, story, pk in found
        ]
        made = self._tags(fitted)
        self._story_ties([(record, story, made[id(record)]) for record, story, _ in fitted])
        self._store()

    def _article_of(self, record: Record) -> tuple[Story, int]:
        story = storable_story(record.data)
        with recording():
            article, is_new = fitting.article_of(story, base=self._base, editor=self._file.creator)
        self.counts["stories" if is_new else "stories_known"] += 1
        return story, article.pk

    def _fitted(self, record: Record, story: Story, article: Article) -> Story:
        story, lost = fitting.fitted(story, article.text)
        self.problems += [(record, problem) for problem in lost]
        return story

    def _tags(
        self, stories: Iterable[tuple[Record, Story, Article]]
    ) -> dict[int, dict[str, Annotation]]:
        """For each record, the annotations that its tags are, by the tags' ids."""
        items: list[Item] = []
        ids: list[str] = []
        for record, story, article in stories:
            # Entities first: the sources that they are, and mentions, then find them.
            for tag in sorted(story.tags, key=lambda tag: KINDS.index(tag.kind)):
                with self._refusing(record):
                    items.append(item_of_tag(record, article, tag, story))
                    ids.append(tag.id)
        made: dict[int, dict[str, Annotation]] = defaultdict(dict)
        for id_, item in zip(ids, self._ready(items), strict=True):
            with self._refusing(item.record):
                made[id(item.record)][id_] = self._place(item)
        self._batch.store()
        return made

    def _story_ties(self, stories: Iterable[tuple[Record, Story, dict[str, Annotation]]]) -> None:
        found = [
            (record, made, made[tie.claim], read_tie(tie))
            for record, story, made in stories
            for tie in outer_first(story.ties)
            # Where one of its ends was refused, that is told already.
            if tie.claim in made and (not tie.source or tie.source in made)
        ]
        self._look_up_ties((claim, tie) for *_, claim, tie in found)
        tied: dict[tuple[int, str], Attribution] = {}
        for record, made, claim, tie in found:
            with self._refusing(record):
                source = made[tie.source] if tie.source else None
                parent = tied.get((id(record), tie.parent or ""))
                tied[id(record), tie.id] = self._tie(claim, source, parent, tie)

    # One annotation

    def _ready(self, items: Sequence[Item]) -> list[Item]:
        """The items with their bodies as they are to be understood here, once all that they are
        held against is read."""
        meanings = self._batch.meanings
        bodies = fitting.bodies_here([item.read.body for item in items], self._base, meanings)
        ready = [
            item._replace(read=replace(item.read, body=body))
            for item, body in zip(items, bodies, strict=True)
        ]
        self._look_up(ready)
        return ready

    def _look_up(self, items: Sequence[Item]) -> None:
        self._find_standing(items)
        new = [item.read for item in items if item.place not in self._standing]
        uuids = {uuid for read in new if (uuid := uuid_in(read.id))} - self._uuids.keys()
        rows = Annotation.objects.filter(uuid__in=uuids).select_related("revision")
        self._uuids.update((row.uuid, row) for row in rows)
        self._batch.look_up([item.read for item in items])

    def _find_standing(self, items: Sequence[Item]) -> None:
        """Read what is annotated at the items' places, locked."""
        places = {item.place for item in items} - self._standing.keys()
        self._batch.places.look_up(places)
        there = [at.uuid for place in places if (at := self._batch.places.at(place))]
        rows = locked_rows(there, {item.article.pk: item.article for item in items})
        self._standing.update((place_of(row), row) for row in rows.values())

    def _place(self, item: Item) -> Annotation:
        if self._each:
            self._look_up([item])
        there = self._standing.get(item.place)
        if there is None:
            there = self._batch.add(self._new(item), item.read, item.read.status)
            self._standing[place_of(there)] = self._uuids[there.uuid] = there
            self.counts["added"] += 1
        elif (wish := meet(there, item.read)) is not None:
            self._batch.decide(there, wish)
            self.counts["decided"] += 1
        else:
            self.counts["known"] += 1
        return there

    def _new(self, item: Item) -> Annotation:
        article, read = item.article, item.read
        assert article.revision is not None
        annotation = Annotation(
            article=article, revision=article.revision, kind=read.kind, status=Status.SUGGESTED,
            creator=self._file.creator, version=0,
        )  # fmt: skip
        annotation.put_at(carried(spans=read.spans, number=read.revision, to=article.revision))
        annotation.uuid = self._free_uuid(read.id, article) or annotation.uuid
        return annotation

    def _free_uuid(self, name: str, article: Article) -> UUID | None:
        """The file's UUID, if it is nobody's. Raises Refused where the story has it at other
        words."""
        uuid = uuid_in(name)
        there = self._uuids.get(uuid) if uuid else None
        if there is None or there.article_id != article.pk:
            return None if there else uuid
        if there.deleted_at:
            raise Refused("It was deleted here.", field="id")
        words = words_of(there.revision.text, there.spans)
        raise Refused(f"It is here already, on other words: “{words[:200]}”.", field="target")

    # One tie

    def _look_up_ties(self, ties: Iterable[tuple[Annotation, ReadAttribution]]) -> None:
        ties = list(ties)
        uuids = {uuid for _, tie in ties if (uuid := uuid_in(tie.id))}
        self._ties.look_up({claim for claim, _ in ties}, uuids)

    def _tie(
        self,
        claim: Annotation,
        source: Annotation | None,
        parent: Attribution | None,
        tie: ReadAttribution,
    ) -> Attribution:
        if tie.source and source is None:
            told = "It is attributed to an annotation that is not here."
            raise Refused(told, field="attributions")
        if self._each:
            self._look_up_ties([(claim, tie)])
        there = self._ties.there(claim, source)
        if there and (there.status != Status.SUGGESTED or tie.status == Status.SUGGESTED):
            return self._met(there, tie)
        made = self._ties.tie(
            claim=claim, source=source, parent=parent or (there and there.parent), there=there,
            uuid=uuid_in(tie.id), cue=tie.cue, manner=tie.manner, mode=tie.mode,
            by_outlet=tie.by_outlet, status=tie.status,
        )  # fmt: skip
        self.counts["attributions"] += 1
        return made

    def _met(self, there: Attribution, tie: ReadAttribution) -> Attribution:
        told = (tie.cue, tie.manner, tie.mode, tie.by_outlet, tie.status)
        here = (there.cue, there.manner, there.mode, there.by_outlet, there.status)
        if told != here and tie.status != Status.SUGGESTED:
            raise Refused("It is attributed otherwise here.", field="attributions")
        self.counts["attributions_known"] += 1
        return there

    def _nest(self, claim: Annotation, tie: ReadAttribution) -> None:
        there = self._called.attribution(tie.id)
        parent = self._called.attribution(tie.parent)
        if there is None or there.claim_id != claim.pk:
            return  # the second pass told why
        if parent is None:
            raise Refused("The attribution that it stands in is not here.", field="attributions")
        if there.parent_id is None:
            self._ties.tie(
                claim=claim, source=there.source, there=there, parent=parent, cue=there.cue,
                manner=there.manner, mode=there.mode, by_outlet=there.by_outlet,
                status=there.status,
            )  # fmt: skip
        elif there.parent_id != parent.pk:
            raise Refused("It stands in another attribution here.", field="attributions")

    # All of them

    def _store(self) -> None:
        self._batch.store()
        self._ties.store()
        self._called.store()

    @contextmanager
    def _refusing(self, record: Record) -> Iterator[None]:
        """All of one thing or nothing: what is wrong with it becomes a problem of the record."""
        counts = self.counts.copy() if self._each else self.counts
        try:
            with recording() if self._each else nullcontext():
                yield
                if self._each:
                    self._store()
            return
        except (Refused, UnreadableText) as error:
            told = Unreadable(str(error), error.field)
        except StaleVersion as error:
            told = Unreadable(str(error))
        except (IntegrityError, DataError) as error:
            if not self._each:
                raise
            # What was read may hold what is undone now.
            self._begin()
            same = isinstance(error, IntegrityError)
            told = Unreadable(SAME_MOMENT if same else "This cannot be stored.")
        self.counts = counts
        self.problems.append((record, told))


def _locked(pks: Iterable[int]) -> dict[int, Article]:
    return lock_articles(Article.objects.filter(pk__in=set(pks)))
