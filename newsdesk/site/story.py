"""A story as readers see it: its text with marks, its claims with who says so, its names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.utils.safestring import SafeString

from annotations.models import Annotation, Entity, Source
from annotations.models.annotation import Kind
from annotations.models.entity import EntityType
from articles.corrections import Correction, corrections_of
from articles.models import Article
from newsdesk.site import plurals
from newsdesk.site.differences import Piece, difference
from newsdesk.site.marking import Mark, MarkedText
from newsdesk.site.related import Headline, RelatedStories, headlines_of
from newsdesk.site.statements import Statement, tied
from newsdesk.site.story_rows import ZONES, annotations_of

# People and organisations first: they are whom a reader looks for.
ORDER = [EntityType.PERSON, EntityType.ORGANISATION]


@dataclass
class Named:
    """An entity of the story, and how often it is named there."""

    entity: Entity
    times: int


@dataclass
class Speaker:
    """A source of the story, and the claims it makes there, by number."""

    source: Source
    statements: list[Statement] = field(default_factory=list)


class Story:
    """What the story's page needs, in a fixed number of queries."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def annotations(self) -> list[Annotation]:
        """The accepted ones, in text order."""
        return annotations_of(self.article)

    @cached_property
    def claims(self) -> list[Statement]:
        """The claims in text order, numbered, each with its accepted ties."""
        claims = [a for a in self.annotations if a.kind == Kind.CLAIM]
        statements = tied(claims, among={a.pk: a for a in self.annotations})
        counts = self.related.claim_counts
        for number, statement in enumerate(statements, start=1):
            statement.number = number
            statement.elsewhere = max(counts.get(statement.claim.pk, 0) - 1, 0)
        return statements

    @cached_property
    def body(self) -> MarkedText:
        apart = [(z.kind, z.start, z.end) for z in ZONES.read(self.article.revision_id)]
        return MarkedText(self.article.text, self._marks(), apart)

    @property
    def html(self) -> SafeString:
        return self.body.html()

    def _marks(self) -> list[Mark]:
        numbered = {statement.annotation.pk: statement for statement in self.claims}
        return [_mark(a, numbered.get(a.pk)) for a in self.annotations]

    @cached_property
    def named(self) -> list[tuple[str, list[Named]]]:
        """The entities by type, those named most first."""
        counts = Counter(a.entity for a in self.annotations if a.entity)
        rows = sorted((Named(*row) for row in counts.items()), key=_place)
        return [
            (plurals.ENTITIES[type], list(group))
            for type, group in groupby(rows, key=lambda row: row.entity.type)
        ]

    @cached_property
    def speakers(self) -> list[Speaker]:
        """Who is heard in the story, whoever makes most claims first."""
        found: dict[int, Speaker] = {}
        for annotation in self.annotations:
            if annotation.source:
                found.setdefault(annotation.source.pk, Speaker(annotation.source))
        for statement in self.claims:
            for tie in statement.ties:
                if tie.source and tie.source.source_id in found:
                    found[tie.source.source_id].statements.append(statement)
        return sorted(found.values(), key=lambda speaker: -len(speaker.statements))

    @cached_property
    def headlines(self) -> list[Headline]:
        return headlines_of(self.article)

    @cached_property
    def related(self) -> RelatedStories:
        return RelatedStories(self.article, self.annotations)

    @cached_property
    def corrections(self) -> list[tuple[Correction, tuple[tuple[Piece, ...], ...]]]:
        """The newest first, each with what became different."""
        return [(c, difference(c.before, c.after)) for c in corrections_of(self.article)]


def _place(row: Named) -> tuple[int, str, int, str]:
    type = EntityType(row.entity.type)
    rank = ORDER.index(type) if type in ORDER else len(ORDER)
    return rank, type, -row.times, row.entity.name


def _mark(annotation: Annotation, statement: Statement | None) -> Mark:
    body = annotation.body
    href = body.get_absolute_url() if body else ""
    if statement:
        key, title = f"claim-{statement.number}", f"Claim {statement.number}"
    elif annotation.source_id:
        key, title = f"source-{annotation.source_id}", "Source"
    else:
        key = f"name-{annotation.entity_id}" if annotation.entity_id else ""
        title = annotation.get_type_display()
    number = statement.number if statement else 0
    return Mark(annotation.kind, key, href, title, number, annotation.spans)
