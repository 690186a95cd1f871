"""Which entity a mention means: of those that go by its name, the one that the words around tell.

One name of one type means one thing throughout a story (Gale, Church and Yarowsky, "One sense
per discourse", 1992): so mentions are linked by name, with their sentences to judge by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, IntegerField, Q, Window
from django.db.models.functions import Greatest, RowNumber, Substr

from annotations.models import Alias, Annotation, Entity
from annotations.models.annotation import Status
from annotations.models.fields import fold
from annotations.nlp.predictions import Mention
from annotations.nlp.tokens import sentences
from annotations.vectors import current_vectors
from articles.models import Revision

MOST = 8
# Sentences of a name in the story, and earlier ones of an entity, that are compared.
CONTEXTS, EARLIER = 3, 3
# Names that are judged by the words around: more, which only a text of unusual length has, would
# keep the run from ending in time.
MOST_JUDGED = 100
# A sentence ends so many characters from the mention, if it does not end sooner.
AROUND = 120
# How alike (-1 to 1) the words around a name must be to what is known of an entity, how much more
# so than to what is known of others, and what counts where nothing is known.
ALIKE, MARGIN, NOTHING_KNOWN = 0.3, 0.1, 0.35


@dataclass(frozen=True)
class Link:
    """What a mention means: a sure entity, or candidates, best first, or, without either, one
    that is new. Entities are told by their ids."""

    entity: int | None = None
    candidates: tuple[int, ...] = ()
    reason: str = ""

    @property
    def proposal(self) -> dict[str, Any]:
        """What the annotation keeps of it beside the entity."""
        if self.entity is not None:
            return {}
        return {"candidates": list(self.candidates)} if self.candidates else {"new": True}


@dataclass
class _Named:
    """The mentions of one name and type that nobody is sure of, and whom they may mean."""

    name: str
    type: str
    words: set[str] = field(default_factory=set)
    contexts: list[str] = field(default_factory=list)
    called: list[Entity] = field(default_factory=list)
    # By the words in the text, which are short for the name and may be short for others'.
    called_short: list[Entity] = field(default_factory=list)
    scores: dict[int, float] = field(default_factory=lambda: defaultdict(lambda: NOTHING_KNOWN))

    @property
    def of_type(self) -> list[Entity]:
        return [entity for entity in self.called if entity.type == self.type]

    @property
    def all(self) -> list[Entity]:
        return self.called + self.called_short


@dataclass
class _Known:
    """What is known of entities: texts to compare with, and how often each was accepted."""

    texts: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    times: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def link(*, revision: Revision, mentions: Sequence[Mention]) -> list[Link]:
    """What each mention of a revision's text means, in their order.

    Where a suggester was sure, that stays. An entity of another type comes after those of the
    mention's, and is never the sure one. Five queries at most, however many mentions there are.
    """
    names = _names(revision.text, [m for m in mentions if m.entity is None])
    links: dict[tuple[str, str], Link] = {}
    if names:
        _find(names.values())
        here = {m.entity for m in mentions if m.entity} | _linked_in(revision)
        here |= {n.called[0].pk for n in names.values() if len(n.called) == 1 and n.of_type}
        shared = [named for named in names.values() if len(named.all) > 1][:MOST_JUDGED]
        known = _known({entity.pk: entity for named in shared for entity in named.all})
        _score(shared, known)
        links = {key: _decided(named, here, known) for key, named in names.items()}
    return [Link(m.entity) if m.entity else links[_key(m)] for m in mentions]


def _key(mention: Mention) -> tuple[str, str]:
    return fold(mention.name), mention.type


def _names(text: str, mentions: Iterable[Mention]) -> dict[tuple[str, str], _Named]:
    names: dict[tuple[str, str], _Named] = {}
    for mention in mentions:
        named = names.setdefault(_key(mention), _Named(mention.name, mention.type))
        named.words.add(fold(text[slice(*mention.span)]))
        context = _around(text, *mention.span)
        if len(named.contexts) < CONTEXTS and context not in named.contexts:
            named.contexts.append(context)
    return names


def _around(text: str, start: int, end: int) -> str:
    """The sentence that holds a mention, as far as it is near."""
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    found = (s for s in sentences(text, low, high) if s.start <= start < s.end)
    return text[slice(*next(found, (low, high)))]


def _find(names: Iterable[_Named]) -> None:
    """Look up whom the names and the words may mean, all at once."""
    wanted = {word for named in names for word in (fold(named.name), *named.words)}
    aliases = Alias.objects.filter(folded__in=wanted, entity__merged_into__isnull=True)
    also = list(aliases.values_list("folded", "entity_id"))
    rows = Entity.objects.current().filter(
        Q(folded_name__in=wanted) | Q(pk__in={pk for _, pk in also})
    )
    by_pk = {entity.pk: entity for entity in rows}
    called: dict[str, set[Entity]] = defaultdict(set)
    for folded, pk in [*((e.folded_name, e.pk) for e in by_pk.values()), *also]:
        if pk in by_pk:
            called[folded].add(by_pk[pk])
    for named in names:
        by_name = called[fold(named.name)]
        by_words = {entity for word in named.words for entity in called[word]}
        named.called = list(by_name)
        named.called_short = list(by_words - by_name)


def _linked_in(revision: Revision) -> set[int | None]:
    """The entities that somebody accepted in the story."""
    accepted = Annotation.objects.kept().filter(
        article=revision.article_id, status=Status.ACCEPTED, entity__isnull=False
    )
    return set(accepted.values_list("entity_id", flat=True))


def _known(entities: dict[int, Entity]) -> _Known:
    """Descriptions, and the sentences in which the entities were accepted last."""
    known = _Known()
    if not entities:
        return known
    for entity in entities.values():
        if entity.description:
            known.texts[entity.pk].append(entity.description)
    newest = (
        Annotation.objects.kept()
        .filter(entity__in=entities, status=Status.ACCEPTED)
        .annotate(
            place=Window(RowNumber(), partition_by="entity", order_by=F("pk").desc()),
            times=Window(Count("pk"), partition_by="entity"),
        )
        .filter(place__lte=EARLIER)
    )
    chosen = {}
    for pk, entity_id, times in newest.values_list("pk", "entity_id", "times"):
        chosen[pk] = entity_id
        known.times[entity_id] = times
    for pk, sentence in _sentences(chosen):
        known.texts[chosen[pk]].append(sentence)
    return known


def _sentences(annotations: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The sentence that holds each mention; of the texts, which are long, only parts are sent."""
    low = Greatest(F("start") - AROUND, 0, output_field=IntegerField())
    parts = Annotation.objects.filter(pk__in=annotations).annotate(
        low=low, part=Substr("revision__text", F("low") + 1, F("end") - F("low") + AROUND)
    )
    for pk, part, begin, start, end in parts.values_list("pk", "part", "low", "start", "end"):
        yield pk, _around(part, start - begin, end - begin)


def _score(shared: Iterable[_Named], known: _Known) -> None:
    """How alike each name's sentences are to what is known of each that it may mean."""
    judged = [named for named in shared if any(known.texts[e.pk] for e in named.all)]
    texts = {text for named in judged for text in named.contexts}
    texts |= {text for named in judged for e in named.all for text in known.texts[e.pk]}
    rows = {text: row for row, text in enumerate(sorted(texts))}
    if not texts:
        return
    made = current_vectors().of(list(rows))
    for named in judged:
        contexts = made[[rows[text] for text in named.contexts]]
        for entity in named.all:
            if of_it := [rows[text] for text in known.texts[entity.pk]]:
                alike = (contexts @ made[of_it].T).max(axis=1).mean()
                named.scores[entity.pk] = float(alike)


def _decided(named: _Named, here: set[int | None], known: _Known) -> Link:
    entity, reason = _sure(named, here)
    if entity:
        return Link(entity.pk, reason=reason)

    def place(entity: Entity) -> tuple[Any, ...]:
        return (
            entity.type != named.type,
            entity in named.called_short,
            entity.pk not in here,
            -named.scores[entity.pk],
            -known.times[entity.pk],
            entity.pk,
        )

    best = sorted(named.all, key=place)[:MOST]
    return Link(candidates=tuple(entity.pk for entity in best))


def _sure(named: _Named, here: set[int | None]) -> tuple[Entity | None, str]:
    """The one that it must be, and why; None where a person has to say."""
    of_type = named.of_type
    if len(of_type) == len(named.called) == 1:
        return of_type[0], f"the one that is called “{named.name}”"
    in_story = [entity for entity in of_type if entity.pk in here]
    if len(in_story) == 1:
        return in_story[0], "the one that is named elsewhere in this story"
    ranked = sorted(in_story or of_type, key=lambda e: -named.scores[e.pk])
    if ranked and _clear(named, ranked):
        return ranked[0], f"of {len(named.called)} called so the one that fits the words around"
    return None, ""


def _clear(named: _Named, ranked: list[Entity]) -> bool:
    """Whether the first fits clearly better than its like, and no other type clearly better."""
    best = named.scores[ranked[0].pk]
    unlike = [entity for entity in named.called if entity.type != named.type]
    if any(named.scores[entity.pk] - best >= MARGIN for entity in unlike):
        return False
    if len(ranked) == 1:
        return True
    return best >= ALIKE and best - named.scores[ranked[1].pk] >= MARGIN


def is_open(annotation: Annotation) -> bool:
    """Whether it is a suggested mention that was looked up and for which no entity is sure."""
    looked_up = annotation.proposal.keys() & {"candidates", "new"}
    return bool(looked_up) and annotation.status == Status.SUGGESTED and not annotation.entity_id


def candidates_of(annotations: Iterable[Annotation]) -> dict[int, list[Entity]]:
    """By primary key, the entities that were proposed for annotations, best first; a merged one
    gives its place to the one that it was merged into. One query, or none."""
    proposed = {a.pk: _proposed(a) for a in annotations}
    wanted = {pk for pks in proposed.values() for pk in pks}
    rows = Entity.objects.filter(pk__in=wanted).select_related("merged_into") if wanted else []
    entities = {entity.pk: entity.merged_into or entity for entity in rows}
    return {
        annotation: list(dict.fromkeys(entities[pk] for pk in pks if pk in entities))
        for annotation, pks in proposed.items()
    }


def _proposed(annotation: Annotation) -> list[int]:
    entity = annotation.proposal.get("entity")
    return annotation.proposal.get("candidates", []) + ([entity] if entity else [])
