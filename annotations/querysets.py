"""Reads that are used in more than one place; the one home of who may see which annotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import MD5, Substr

from articles.roles import sees_all

if TYPE_CHECKING:
    from annotations.models import (  # noqa: F401 - named in base classes
        Annotation,
        Attribution,
        Claim,
        Entity,
        Import,
        Run,
        Source,
    )

SHOWN = {"status": "accepted", "deleted_at__isnull": True}
# A mention's words as written, folded, and its type.
Name = tuple[str, str]
# How much longer or shorter words may become by folding: "ß" is two letters, "e\u0301" is one.
FOLDS_BY = 4


@dataclass
class Rejections:
    """Of a name: the stories that it was rejected in, and whose suggestions those were."""

    stories: set[int] = field(default_factory=set)
    suggesters: set[str | None] = field(default_factory=set)


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, user: Any) -> AnnotationQuerySet:
        """All that are not deleted for an editor; the accepted ones of published articles, at
        the text that readers see, for everyone else."""
        return self.kept() if sees_all(user) else self.shown()

    def kept(self) -> AnnotationQuerySet:
        return self.filter(deleted_at__isnull=True)

    def shown(self) -> AnnotationQuerySet:
        """What readers see."""
        return self.accepted().filter(article__state="published")

    def accepted(self) -> AnnotationQuerySet:
        """What readers see of an article once it is published."""
        return self.filter(**SHOWN).attached()

    def attached(self) -> AnnotationQuerySet:
        """Those whose spans count in their article's newest text."""
        return self.filter(revision=F("article__revision"))

    def detached(self) -> AnnotationQuerySet:
        """Those that could not be carried to their article's newest text."""
        return self.exclude(revision=F("article__revision"))

    def rejected_names(self, names: Collection[Name]) -> dict[Name, Rejections]:
        """Those of the names that were rejected as mentions and never accepted as such."""
        found: dict[Name, Rejections] = defaultdict(Rejections)
        for name, article, suggester in self.filter(status="rejected")._named(names):
            found[name].stories.add(article)
            found[name].suggesters.add(suggester)
        for name, *_ in self.filter(status="accepted")._named(found):
            found.pop(name, None)
        return dict(found)

    def _named(self, names: Collection[Name]) -> Iterator[tuple[Name, int, str | None]]:
        """The mentions with these names: name, article and suggester of each."""
        from annotations.models.fields import fold

        near = {len(folded) + by for folded, _ in names for by in range(-FOLDS_BY, FOLDS_BY + 1)}
        # Lengths are compared first, so that few texts are taken apart.
        length = F("end") - F("start")
        rows = (
            self.kept()
            .filter(kind="entity", spans__len=1, type__in={type for _, type in names})
            .alias(length=length)
            .filter(length__in=near)
            .annotate(written=Substr("revision__text", F("start") + 1, length))
        )
        wanted = ("written", "type", "article", "suggester__name")
        for written, type, article, suggester in rows.values_list(*wanted).order_by():
            if (name := (fold(written), type)) in names:
                yield name, article, suggester

    def with_bodies(self) -> AnnotationQuerySet:
        """With all that one annotation's representation needs, in the same query."""
        return self.select_related(
            "entity", "claim", "source__entity", "suggester", "creator", "revision", "article"
        )

    def locked(self) -> AnnotationQuerySet:
        """These, locked until the transaction ends, with their bodies.

        In two statements: PostgreSQL reads a row anew that it waited for, but not what it was
        joined to, so that a body that was changed meanwhile would be missing.
        """
        keys = self.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
        return self.model._default_manager.with_bodies().filter(pk__in=list(keys)).order_by("pk")


class AttributionQuerySet(models.QuerySet["Attribution"]):
    def visible_to(self, user: Any) -> AttributionQuerySet:
        return self.kept() if sees_all(user) else self.shown()

    def kept(self) -> AttributionQuerySet:
        """Those whose ends are not deleted."""
        return self.filter(claim__deleted_at__isnull=True).filter(
            Q(source__isnull=True) | Q(source__deleted_at__isnull=True)
        )

    def shown(self) -> AttributionQuerySet:
        """Accepted, with both ends accepted, in a published article."""
        return self.accepted().filter(claim__article__state="published")

    def accepted(self) -> AttributionQuerySet:
        """What readers see of an article's ties once it is published."""
        return self.kept().filter(
            Q(source__isnull=True)
            | Q(source__status="accepted", source__revision=F("source__article__revision")),
            status="accepted",
            claim__status="accepted",
            claim__revision=F("claim__article__revision"),
        )

    def with_ends(self) -> AttributionQuerySet:
        return self.select_related("claim__claim", "source__source__entity", "parent", "suggester")


def _shown_annotations(**match: Any) -> models.QuerySet[Annotation]:
    from annotations.models import Annotation

    return Annotation.objects.shown().filter(**match)


class EntityQuerySet(models.QuerySet["Entity"]):
    def visible_to(self, user: Any) -> EntityQuerySet:
        """All for an editor; for everyone else those named, or speaking, in what is published."""
        return self.all() if sees_all(user) else self.shown()

    def shown(self) -> EntityQuerySet:
        return self.filter(
            Exists(_shown_annotations(entity=OuterRef("pk")))
            | Exists(_shown_annotations(source__entity=OuterRef("pk")))
        )

    def current(self) -> EntityQuerySet:
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def called(self, folded: str) -> EntityQuerySet:
        """Those with this folded name or alias, each once."""
        from annotations.models import Alias

        aliases = Alias.objects.filter(folded=folded).values("entity")
        return self.current().filter(Q(folded_name=folded) | Q(pk__in=aliases))

    def with_names(self) -> EntityQuerySet:
        """With its aliases as `names`, for snapshots of many: of thousands of names no objects."""
        from annotations.models import Alias

        aliases = Alias.objects.filter(entity=OuterRef("pk")).order_by().values("text")
        return self.annotate(names=ArraySubquery(aliases))

    def with_story_counts(self) -> EntityQuerySet:
        """`stories`: in how many published stories it is named."""
        return self.annotate(stories=_story_count())


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> ClaimQuerySet:
        return self.all() if sees_all(user) else self.shown()

    def shown(self) -> ClaimQuerySet:
        return self.filter(Exists(_shown_annotations(claim=OuterRef("pk"))))

    def current(self) -> ClaimQuerySet:
        return self.filter(merged_into__isnull=True)

    def saying(self, *sentences: str) -> ClaimQuerySet:
        """The claims with one of these sentences, however they are cased and spaced; a current
        one before those that were merged into others."""
        from annotations.models.claim import LONGEST
        from annotations.models.fields import fold

        folded = [fold(sentence, LONGEST) for sentence in sentences]
        return (
            self.alias(digest=MD5("folded_text"))
            .filter(digest__in=[MD5(Value(text)) for text in folded], folded_text__in=folded)
            .order_by(F("merged_into").asc(nulls_first=True), "pk")
        )

    def with_story_counts(self) -> ClaimQuerySet:
        return self.annotate(stories=_story_count())


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: Any) -> SourceQuerySet:
        return self.all() if sees_all(user) else self.shown()

    def shown(self) -> SourceQuerySet:
        return self.filter(Exists(_shown_annotations(source=OuterRef("pk"))))

    def current(self) -> SourceQuerySet:
        return self.filter(merged_into__isnull=True)

    def with_story_counts(self) -> SourceQuerySet:
        return self.annotate(stories=_story_count())


def _story_count() -> Count:
    """Published stories with an accepted, attached annotation of the row."""
    return Count(
        "annotations__article",
        distinct=True,
        filter=Q(
            annotations__status="accepted",
            annotations__deleted_at__isnull=True,
            annotations__article__state="published",
            annotations__revision=F("annotations__article__revision"),
        ),
    )


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> RunQuerySet:
        return self.filter(state__in=["queued", "running"])


class ImportQuerySet(models.QuerySet["Import"]):
    def open(self) -> ImportQuerySet:
        return self.filter(state__in=["queued", "running"])
