"""A story as readers see it: text cut into segments, claims with who says so, names by type."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import groupby

from annotations.models import Annotation, Attribution, Entity
from annotations.models.annotation import Kind
from annotations.segments import Paragraph, segmented
from articles.models import Article
from newsdesk.site.reads import Statement


class Shown:
    """One segment as the template shows it: its words, its classes, where its link leads."""

    def __init__(self, text: str, marks: tuple[Annotation, ...], ends: list[int]) -> None:
        self.text = text
        # The shortest mark covers the least and says the most: it gets the link.
        self.inner = marks[-1] if marks else None
        self.classes = " ".join(f"tag-{mark.kind}" for mark in marks)
        self.claim_numbers = ends

    @property
    def href(self) -> str:
        body = self.inner.body if self.inner else None
        return body.get_absolute_url() if body else ""

    @property
    def describes(self) -> str:
        """What the link is, in words: "person: Ana Ruiz"."""
        if self.inner is None:
            return ""
        kind = self.inner.get_type_display() if self.inner.type else "Claim"
        kind = f"Source, {kind.lower()}" if self.inner.kind == Kind.SOURCE else kind
        return f"{kind}: {self.inner.name}"


class Story:
    """What the story's page needs, in four queries."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def annotations(self) -> list[Annotation]:
        rows = Annotation.objects.filter(
            article=self.article, status="accepted", deleted_at__isnull=True
        )
        return list(rows.attached().with_bodies().order_by("start", "-end", "pk"))

    @cached_property
    def claims(self) -> list[Statement]:
        """The claims in text order, each with its accepted ties."""
        claims = {a.pk: Statement(a, []) for a in self.annotations if a.kind == Kind.CLAIM}
        ties = Attribution.objects.kept().filter(claim__in=list(claims), status="accepted")
        for tie in ties.select_related("source__source__entity", "claim__revision").order_by("pk"):
            if tie.source is None or tie.source.status == "accepted":
                claims[tie.claim_id].ties.append(tie)
        return list(claims.values())

    @cached_property
    def paragraphs(self) -> list[list[Shown]]:
        numbers = {c.annotation.end: n for n, c in enumerate(self.claims, start=1)}
        cut = segmented(self.article.text, [(a, a.spans) for a in self.annotations])
        return [self._shown(paragraph, numbers) for paragraph in cut]

    @staticmethod
    def _shown(paragraph: Paragraph[Annotation], numbers: dict[int, int]) -> list[Shown]:
        return [
            Shown(s.text, s.marks, [numbers[s.end]] if s.end in numbers else [])
            for s in paragraph.segments
        ]

    @cached_property
    def named(self) -> list[tuple[str, list[tuple[Entity, int]]]]:
        """The entities by type, with how often each is named."""
        counts: dict[Entity, int] = defaultdict(int)
        for annotation in self.annotations:
            if annotation.entity:
                counts[annotation.entity] += 1
        rows = sorted(counts.items(), key=lambda row: (row[0].type, -row[1], row[0].name))
        return [
            (group[0][0].get_type_display(), group)
            for group in (list(g) for _, g in groupby(rows, key=lambda row: row[0].type))
        ]

    @cached_property
    def related(self) -> list[str]:
        return list(self.article.related_headlines.all())
