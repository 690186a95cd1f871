"""What readers are shown, derived from what is published and accepted; never anything else.

All tables here may be thrown away and made anew: `annotations/showing.py` keeps them right in the
transaction of each change, and `rebuild` there makes them from nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from pgvector.django import HnswIndex, VectorField

from annotations.models.claim import DIMENSIONS, LONGEST, Claim
from annotations.models.entity import Entity
from annotations.models.fields import choices_check
from annotations.models.source import Source
from annotations.shown import ShownStoryQuerySet, ShownTieQuerySet
from articles.models import Article, Outlet, Revision


def _things() -> Any:
    return ArrayField(models.BigIntegerField(), default=list)


def _counts() -> Any:
    return ArrayField(models.IntegerField(), default=list)


class ShownStory(models.Model):
    """A published story: its words for search, and what it names, claims and quotes.

    `mentions`, `claim_places` and `source_places` say how often, in the order of `entities`,
    `claims` and `sources`. An entity that only speaks, as a source, has no mentions.
    """

    article = models.OneToOneField(
        Article, primary_key=True, on_delete=models.CASCADE, related_name="shown"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    title = models.CharField(max_length=300)
    outlet = models.ForeignKey(
        Outlet, null=True, on_delete=models.CASCADE, related_name="shown", db_index=False
    )
    published_at = models.DateTimeField()
    date = models.DateTimeField(help_text="The outlet's, else when it was published here")
    config = models.CharField(max_length=30, help_text="PostgreSQL's name for how words are cut")
    words = SearchVectorField(help_text="Of the title, weight A, and of the text, weight D")
    title_words = SearchVectorField()
    entities = _things()
    mentions = _counts()
    types = ArrayField(models.CharField(max_length=12), default=list)
    claims = _things()
    claim_places = _counts()
    sources = _things()
    source_places = _counts()

    objects = ShownStoryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        verbose_name_plural = "shown stories"
        indexes = [
            models.Index(fields=["-published_at", "-article"], name="shown_newest"),
            models.Index(fields=["-date", "-article"], name="shown_date"),
            models.Index(fields=["outlet", "-published_at"], name="shown_outlet_newest"),
            models.Index(fields=["config"], name="shown_config"),
            models.Index(Lower("title"), name="shown_title_lower"),
            GinIndex(fields=["words"], name="shown_words"),
            GinIndex(fields=["title_words"], name="shown_title_words"),
            GinIndex(fields=["entities"], name="shown_entities"),
            GinIndex(fields=["claims"], name="shown_claims"),
            GinIndex(fields=["sources"], name="shown_sources"),
        ]

    def __str__(self) -> str:
        return self.title


class ShownTie(models.Model):
    """That a source makes a claim in a published story, in so many places; or denies it there.

    Of accepted ties whose two ends readers see. Outlet and date are the story's, so that all that
    a source said is counted without a look at its stories.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="shown_ties", db_index=False
    )
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+", db_index=False)
    outlet = models.ForeignKey(
        Outlet, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    published_at = models.DateTimeField()
    places = models.IntegerField()
    denials = models.IntegerField()

    objects = ShownTieQuerySet.as_manager()

    class Meta:
        ordering = ["article", "source", "claim"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "source", "claim"], name="shown_tie_once_a_story"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "claim"], name="shown_tie_source",
                include=["article", "outlet", "published_at", "places", "denials"],
            ),
            models.Index(
                fields=["claim", "source"], name="shown_tie_claim",
                include=["article", "places", "denials"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source_id} on {self.claim_id} in {self.article_id}"


class ShownAbout(models.Model):
    """That others say something about an entity in a published story: in so many places the words
    of a claim that it does not make itself name it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+", db_index=False)
    published_at = models.DateTimeField()
    places = models.IntegerField()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "entity"], name="shown_about_once_a_story"),
        ]
        indexes = [
            models.Index(
                fields=["entity", "-published_at", "-article"], name="shown_about_entity",
                include=["places"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"about {self.entity_id} in {self.article_id}"


class Tally(models.Model):
    """In how many published stories a thing is, and in how many places of them.

    With no stories it was shown once and is no more: its address says that it is gone.
    """

    stories = models.IntegerField(default=0)
    mentions = models.IntegerField(default=0)
    newest = models.DateTimeField(null=True, help_text="When the newest of the stories came out")
    letter = models.CharField(max_length=8, blank=True, help_text="Where it stands in an index")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk} in {self.stories}"


def _tally_indexes(kind: str) -> list[models.Index]:
    return [
        models.Index(fields=["-stories"], name=f"{kind}_tally_stories"),
        models.Index(fields=["letter"], name=f"{kind}_tally_letter"),
    ]


class EntityTally(Tally):
    entity = models.OneToOneField(
        Entity, primary_key=True, on_delete=models.CASCADE, related_name="tally"
    )

    class Meta:
        indexes = _tally_indexes("entity")


class ClaimTally(Tally):
    claim = models.OneToOneField(
        Claim, primary_key=True, on_delete=models.CASCADE, related_name="tally"
    )

    class Meta:
        indexes = _tally_indexes("claim")


class SourceTally(Tally):
    source = models.OneToOneField(
        Source, primary_key=True, on_delete=models.CASCADE, related_name="tally"
    )

    class Meta:
        indexes = _tally_indexes("source")


class OutletTally(Tally):
    outlet = models.OneToOneField(
        Outlet, primary_key=True, on_delete=models.CASCADE, related_name="tally"
    )

    class Meta:
        indexes = _tally_indexes("outlet")


class ShownKind(models.TextChoices):
    ENTITY = "entity", "Entity"
    CLAIM = "claim", "Claim"
    SOURCE = "source", "Source"


class ShownName(models.Model):
    """What a shown thing is called, for suggestions while typing and for misspelt names.

    `words` are without accents and in their own form; `trigrams` are of names, not of claims.
    """

    kind = models.CharField(max_length=6, choices=ShownKind.choices)
    thing = models.BigIntegerField()
    text = models.CharField(max_length=LONGEST)
    words = SearchVectorField()
    trigrams = ArrayField(models.CharField(max_length=3), default=list)

    class Meta:
        ordering = ["kind", "thing", "id"]
        constraints = [choices_check("kind", ShownKind, "shown_name_kind_is_known")]
        indexes = [
            models.Index(fields=["kind", "thing"], name="shown_name_thing"),
            # One a kind: there are many more claims than names.
            *(
                GinIndex(fields=["words"], name=f"shown_name_{kind}", condition=models.Q(kind=kind))
                for kind in ShownKind.values
            ),
            GinIndex(fields=["trigrams"], name="shown_name_trigrams"),
        ]

    def __str__(self) -> str:
        return self.text


class StoryVector(models.Model):
    """What the model makes of a published story's title and beginning.

    It counts only while `revision` and `title` are the story's and `model` the version at work;
    see `annotations/near.py`.
    """

    article = models.OneToOneField(
        Article, primary_key=True, on_delete=models.CASCADE, related_name="vector"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    title = models.CharField(max_length=300)
    model = models.CharField(max_length=60, help_text="The model's version")
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        ordering = ["article_id"]
        indexes = [
            HnswIndex(
                fields=["vector"], opclasses=["vector_cosine_ops"], name="story_vector_cosine"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} by model {self.model}"
