"""Putting what files say onto stories: annotations that are new are added, machines' suggestions
are decided, what is here already is left as it is, and what contradicts a person's decision is
refused. So the same file may come twice."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError

from annotations import deciding, fitting
from annotations.formats.plain import address_of, as_list
from annotations.formats.records import Record, Unreadable, unstorable
from annotations.formats.story import Story, Tag, outer_first, tag_to_jsonld, tie_to_jsonld
from annotations.formats.w3c import ReadAnnotation, ReadAttribution, read_annotation
from annotations.importing import body_meant, extra_of
from annotations.meeting import meet
from annotations.models import Annotation, Attribution, Import, ImportedAs
from annotations.models.annotation import Status
from annotations.spans import checked_spans, words_of
from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.ingest.draft import UnreadableText
from articles.models import Article
from articles.revising import lock_article

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SAME_MOMENT = "Somebody stored the same at the same moment: send it again."
KINDS = ("entity", "source", "claim")

Place = tuple[str, tuple[tuple[int, ...], ...]]


@dataclass
class Placer:
    """Places records of one file, for the person who sent it, within one transaction. `base` is the
    desk's own address. What became of them is in `counts` and `problems`."""

    file: Import
    editor: Any
    base: str
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[Record, Unreadable]] = field(default_factory=list)
    _articles: dict[str, tuple[Article, bool]] = field(default_factory=dict)
    _standing: dict[int, dict[Place, Annotation]] = field(default_factory=dict)

    # An annotation that stands alone, in three passes over the file

    def annotation(self, record: Record) -> None:
        """Pass one: the annotation without its ties."""
        with self._refusing(record) as log:
            article, read = self._read(record.data)
            self._name(read.id, self._placed(article, read, log))

    def ties(self, record: Record) -> None:
        """Pass two: its ties, once all that they may name is there."""
        for claim, tie in self._attributions(record):
            with self._refusing(record):
                self._name(tie.id, self._tied(claim, tie))

    def parents(self, record: Record) -> None:
        """Pass three: which ties stand inside which."""
        for claim, tie in self._attributions(record):
            if tie.parent:
                with self._refusing(record):
                    self._nested(claim, tie)

    def _attributions(self, record: Record) -> list[tuple[Annotation, ReadAttribution]]:
        if not (isinstance(record.data, dict) and record.data.get("attributions")):
            return []
        # What is wrong with the annotation itself, the first pass told.
        try:
            article, read = self._read(record.data)
            claim = self._at(article, read)
        except (Refused, UnreadableText):
            return []
        return [(claim, tie) for tie in read.attributions] if claim else []

    def _read(self, data: Any) -> tuple[Article, ReadAnnotation]:
        if isinstance(data, Unreadable):
            raise Refused(data.reason, field=data.field)
        if (place := unstorable(data)) is not None:
            raise Refused("This holds a character that no text has.", field=place)
        article, is_certain = self._article(data)
        self._hold_together(data, article)
        quoted = _all_quoted(data)
        if not is_certain and not quoted:
            raise Refused(
                "It is on another desk's story: quote the words.", field="target.selector"
            )
        read = read_annotation(data, article.text)
        read = replace(read, body=fitting.body_here(read.body, self.base))
        # Words that are quoted say more than the number of a revision does.
        return article, read.without_revision() if quoted else read

    def _article(self, data: Any) -> tuple[Article, bool]:
        """The story that an annotation is on, locked; whether the address is surely its own."""
        address = _addresses(data)[0]
        if address not in self._articles:
            found, is_certain = _found(address, self.base)
            if found is None:
                raise Refused("There is no such story here.", field="target.source")
            self._articles[address] = lock_article(pk=found.pk), is_certain
        return self._articles[address]

    def _hold_together(self, data: Any, article: Article) -> None:
        """Its targets are all on the one story."""
        first, *others = _addresses(data)
        if any(_found(address, self.base)[0] != article for address in {*others} - {first}):
            raise Refused("Its targets are on different stories.", field="target.source")

    # A story with all that is on it

    def story(self, record: Record) -> None:
        """The story's tags and ties, on the article that it is or becomes."""
        self.problems += [(record, problem) for problem in record.problems]
        with self._refusing(record):
            story = self._storable(record.data)
            article, is_new = fitting.article_of(story, base=self.base, editor=self.editor)
            self.counts["stories" if is_new else "stories_known"] += 1
            locked = lock_article(pk=article.pk)
            story, lost = fitting.fitted(story, locked.text)
            self.problems += [(record, problem) for problem in lost]
            self._tags(record, locked, story)

    def _storable(self, story: Any) -> Story:
        if isinstance(story, Unreadable):
            raise Refused(story.reason, field=story.field)
        if unstorable([story.text, story.about()]) is not None:
            raise Refused("This holds a character that no text has.", field="text")
        return story

    def _tags(self, record: Record, article: Article, story: Story) -> None:
        made: dict[str, Any] = {}
        # Entities first: the sources that they are, and mentions, then find them.
        for tag in sorted(story.tags, key=lambda tag: KINDS.index(tag.kind)):
            with self._refusing(record) as log:
                body = fitting.body_here(tag.body, self.base)
                read = _read_tag(replace(tag, body=body), story)
                made[tag.id] = self._placed(article, read, log)
        for tie in outer_first(story.ties):
            claim = made.get(tie.claim)
            if claim is None or (tie.source and tie.source not in made):
                continue  # one of its ends was refused, which is told already
            with self._refusing(record):
                made[tie.id] = self._tied(claim, _read_tie(tie), made)

    # One annotation, one tie

    def _placed(self, article: Article, read: ReadAnnotation, log: Recorder) -> Annotation:
        there = self._at(article, read)
        if there:
            annotation, outcome = meet(there, read, self.editor)
            self.counts[outcome] += 1
            self._standing[article.pk][_place(there.kind, there.spans)] = annotation
            return annotation
        body = body_meant(read, editor=self.editor)
        added = deciding.add_locked(
            log=log,
            article=article,
            editor=self.editor,
            kind=read.kind,
            spans=read.spans,
            body=body,
            revision=read.revision,
            status=read.status,
            extra=extra_of(read, body),
            uuid=_free_uuid(read.id, article),
        )
        self.counts["added"] += 1
        self._standing[article.pk][_place(added.kind, added.spans)] = added
        return added

    def _at(self, article: Article, read: ReadAnnotation) -> Annotation | None:
        """The annotation of the kind that these words have. What is on a story is read once."""
        if article.pk not in self._standing:
            rows = Annotation.objects.kept().with_bodies().filter(revision=article.revision)
            self._standing[article.pk] = {_place(a.kind, a.spans): a for a in rows}
        place = _place(read.kind, checked_spans(read.spans, article.text))
        return self._standing[article.pk].get(place)

    def _tied(
        self, claim: Annotation, tie: ReadAttribution, made: dict[str, Any] | None = None
    ) -> Attribution:
        source = self._called(tie.source, Annotation, made)
        if tie.source and source is None:
            told = "It is attributed to an annotation that is not here."
            raise Refused(told, field="attributions")
        there = Attribution.objects.filter(claim=claim, source=source).first()
        if there and (there.status != Status.SUGGESTED or tie.status == Status.SUGGESTED):
            return self._met(there, tie)
        self.counts["attributions"] += 1
        return deciding.tie(
            claim=claim,
            source=source,
            editor=self.editor,
            cue=tie.cue,
            manner=tie.manner,
            mode=tie.mode,
            by_outlet=tie.by_outlet,
            parent=self._called(tie.parent, Attribution, made) or (there and there.parent),
            status=tie.status,
            uuid=_free_tie_uuid(tie.id),
        )

    def _met(self, there: Attribution, tie: ReadAttribution) -> Attribution:
        told = (tie.cue, tie.manner, tie.mode, tie.by_outlet, tie.status)
        here = (there.cue, there.manner, there.mode, there.by_outlet, there.status)
        if told != here and tie.status != Status.SUGGESTED:
            raise Refused("It is attributed otherwise here.", field="attributions")
        self.counts["attributions_known"] += 1
        return there

    def _nested(self, claim: Annotation, tie: ReadAttribution) -> None:
        there = self._called(tie.id, Attribution)
        parent = self._called(tie.parent, Attribution)
        if there is None or there.claim_id != claim.pk:
            return  # the second pass told why
        if parent is None:
            raise Refused("The attribution that it stands in is not here.", field="attributions")
        if there.parent_id is None:
            deciding.tie(
                claim=claim, source=there.source, editor=self.editor, cue=there.cue,
                manner=there.manner, mode=there.mode, by_outlet=there.by_outlet, parent=parent,
                status=there.status,
            )  # fmt: skip
        elif there.parent_id != parent.pk:
            raise Refused("It stands in another attribution here.", field="attributions")

    # Names in the file

    def _name(self, theirs: str, thing: Annotation | Attribution) -> None:
        """Remember what the file calls it, where that is not its UUID."""
        if theirs and _uuid_in(theirs) != thing.uuid:
            which = "annotation" if isinstance(thing, Annotation) else "attribution"
            ImportedAs.objects.update_or_create(
                file=self.file, theirs=_digest(theirs), defaults={which: thing}
            )

    def _called(self, theirs: str | None, model: Any, made: dict[str, Any] | None = None) -> Any:
        if not theirs:
            return None
        if made is not None:
            return made.get(theirs)
        rows = ImportedAs.objects.select_related("annotation__revision", "attribution__source")
        known = rows.filter(file=self.file, theirs=_digest(theirs)).first()
        if known:
            return known.annotation if model is Annotation else known.attribution
        uuid = _uuid_in(theirs)
        return model.objects.kept().filter(uuid=uuid).first() if uuid else None

    @contextmanager
    def _refusing(self, record: Record) -> Iterator[Recorder]:
        """All of one thing or nothing: what is wrong with it becomes a problem of the record."""
        told: Unreadable | None = None
        counts = self.counts.copy()
        try:
            with recording(actor=self.editor) as log:
                yield log
        except (Refused, UnreadableText) as error:
            told = Unreadable(str(error), error.field)
        except StaleVersion as error:
            told = Unreadable(str(error))
        except (IntegrityError, DataError) as error:
            # What was read of the story may hold what is undone now.
            self._standing.clear()
            told = Unreadable(
                SAME_MOMENT if isinstance(error, IntegrityError) else "This cannot be stored."
            )
        if told:
            self.counts = counts
            self.problems.append((record, told))


def _read_tag(tag: Tag, story: Story) -> ReadAnnotation:
    data = tag_to_jsonld(tag, story.text, story.ties)
    # A name that only the file has is nobody's address.
    data["id"] = tag.id if _uuid_in(tag.id) else ""
    if (place := unstorable(data)) is not None:
        raise Refused("This holds a character that no text has.", field=place)
    return read_annotation(data, story.text)


def _read_tie(tie: Any) -> ReadAttribution:
    data = tie_to_jsonld(tie)
    return ReadAttribution(
        id=data["id"], source=tie.source, cue=[list(span) for span in tie.cue], manner=tie.manner,
        mode=tie.mode, by_outlet=tie.by_outlet, parent=tie.parent, status=tie.status,
    )  # fmt: skip


def _found(address: str, base: str) -> tuple[Article | None, bool]:
    """The story at an address, and whether the address is surely its own."""
    known = fitting.article_at(address, base)
    if known is None and (namesake := fitting.article_of_another_desk(address)):
        return namesake, False
    return known or fitting.article_spelled(address), True


def _addresses(data: Any) -> list[str]:
    """Of its targets, in their order; each names its story, or they are all on the first's."""
    targets = as_list(data.get("target")) if isinstance(data, dict) else []
    addresses = [address_of(target).partition("#")[0] for target in targets]
    if not addresses or not addresses[0]:
        raise Refused("Say which story it is on.", field="target.source")
    return [address or addresses[0] for address in addresses]


def _all_quoted(data: dict[str, Any]) -> bool:
    return all(
        isinstance(target, dict)
        and any(isinstance(s, dict) and s.get("type") == "TextQuoteSelector" and s.get("exact")
                for s in as_list(target.get("selector")))
        for target in as_list(data["target"])
    )  # fmt: skip


def _place(kind: str, spans: Any) -> Place:
    return kind, tuple(tuple(span) for span in spans)


def _uuid_in(name: str) -> UUID | None:
    """The UUID at the end of a name or address."""
    found = _UUID.findall(name)
    return UUID(found[-1]) if found else None


def _free_uuid(name: str, article: Article) -> UUID | None:
    """The file's UUID, if it is nobody's. Raises Refused where the story has it at other words."""
    uuid = _uuid_in(name)
    if uuid is None:
        return None
    there = Annotation.objects.filter(uuid=uuid).select_related("revision").first()
    if there is None or there.article_id != article.pk:
        return None if there else uuid
    if there.deleted_at:
        raise Refused("It was deleted here.", field="id")
    words = words_of(there.revision.text, there.spans)
    raise Refused(f"It is here already, on other words: “{words[:200]}”.", field="target")


def _free_tie_uuid(name: str) -> UUID | None:
    uuid = _uuid_in(name)
    return None if uuid and Attribution.objects.filter(uuid=uuid).exists() else uuid


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
