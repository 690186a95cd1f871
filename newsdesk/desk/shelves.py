"""The knowledge base as editors see it: three shelves, of entities, claims and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from annotations import merging
from annotations.models import Alias, Annotation, Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from annotations.spans import words_of
from newsdesk.desk import knowledge_forms

LONGEST = 300
MOST_PLACES = 100
MOST_TWINS = 8
# How many code points of the text are shown before and after a mention.
AROUND = 90


@dataclass(frozen=True)
class Shelf:
    """One kind of thing. `field` is what an annotation of it is tied by, `typed` the field of its
    type or kind with the choices."""

    name: str
    one: str
    model: Any
    field: str
    named: str
    form: type[knowledge_forms.KnowledgeForm]
    merge: Callable[..., Any]
    typed: tuple[str, Sequence[tuple[str, str]]] | None = None

    def rows(self, query: QueryDict) -> QuerySet[Any]:
        """Those that are not merged away, by `q`, `type` and `sort`, each with `places`."""
        rows = self.model.objects.current()
        if words := fold(query.get("q", "").replace("\0", " "))[:LONGEST]:
            rows = rows.filter(self._holds(words))
        if self.typed and query.get("type") in dict(self.typed[1]):
            rows = rows.filter(**{self.typed[0]: query["type"]})
        order = ("-created_at", "-pk") if self._newest_first(query) else (self.named, "pk")
        return self.with_places(rows).order_by(*order)

    def _newest_first(self, query: QueryDict) -> bool:
        # Sentences in the order of their letters help nobody.
        return query.get("sort", "" if self.typed else "newest") == "newest"

    def _holds(self, words: str) -> Q:
        found = Q(**{f"folded_{self.named}__contains": words})
        if self.model is Entity:
            aliases = Alias.objects.filter(entity=OuterRef("pk"), folded__contains=words)
            found |= Q(Exists(aliases))
        return found

    def with_places(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`places`: how many accepted annotations name the row."""
        counted = (
            Annotation.objects.kept()
            .filter(**{self.field: OuterRef("pk")}, status="accepted")
            .order_by()
            .values(self.field)
            .annotate(number=Count("pk"))
            .values("number")
        )
        return rows.annotate(places=Coalesce(Subquery(counted, output_field=IntegerField()), 0))

    def places(self, row: Any) -> list[Place]:
        """Where it is tagged, the newest first; as many as a page holds."""
        tagged = (
            Annotation.objects.kept()
            .filter(**{self.field: row}, status="accepted")
            .select_related("article", "revision")
            .order_by("-article__created_at", "article", "start")
        )
        return [Place.of(annotation) for annotation in tagged[:MOST_PLACES]]

    def twins(self, row: Any) -> QuerySet[Any]:
        """Others that go by the same name, and so are perhaps the same."""
        names = {getattr(row, f"folded_{self.named}")}
        rows = self.model.objects.current().exclude(pk=row.pk)
        if self.model is not Entity:
            return rows.filter(**{f"folded_{self.named}__in": names})[:MOST_TWINS]
        names |= set(row.aliases.values_list("folded", flat=True))
        aliases = Alias.objects.filter(entity=OuterRef("pk"), folded__in=names)
        return rows.filter(Q(folded_name__in=names) | Q(Exists(aliases)))[:MOST_TWINS]


@dataclass(frozen=True)
class Place:
    """A tag with the words around it."""

    annotation: Annotation
    before: str
    words: str
    after: str

    @classmethod
    def of(cls, annotation: Annotation) -> Place:
        text = annotation.revision.text
        return cls(
            annotation,
            text[max(annotation.start - AROUND, 0) : annotation.start],
            words_of(text, annotation.spans),
            text[annotation.end : annotation.end + AROUND],
        )


SHELVES = {
    "entities": Shelf(
        name="entities",
        one="entity",
        model=Entity,
        field="entity",
        named="name",
        form=knowledge_forms.EntityForm,
        merge=merging.merge_entities,
        typed=("type", EntityType.choices),
    ),
    "claims": Shelf(
        name="claims",
        one="claim",
        model=Claim,
        field="claim",
        named="text",
        form=knowledge_forms.ClaimForm,
        merge=merging.merge_claims,
    ),
    "sources": Shelf(
        name="sources",
        one="source",
        model=Source,
        field="source",
        named="name",
        form=knowledge_forms.SourceForm,
        merge=merging.merge_sources,
        typed=("kind", SourceKind.choices),
    ),
}
