"""Django's admin for what is said about texts.

Annotations, attributions and decisions are looked at here and decided on the desk, which keeps
versions and asks nobody twice; the knowledge base may be edited here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from annotations.models import (
    Alias,
    Annotation,
    Attribution,
    Claim,
    ClaimLink,
    ClaimReview,
    ClaimTally,
    ClaimVector,
    Decision,
    Entity,
    EntityTally,
    Import,
    ImportedAs,
    ImportPart,
    ImportProblem,
    OutletTally,
    Run,
    ShownAbout,
    ShownName,
    ShownStory,
    ShownTie,
    Source,
    SourceTally,
    StoryVector,
    Suggester,
)
from articles.admin import ReadOnly, RecordedAdmin

HOUSEKEEPING = ["version", "created_by", "created_at", "merged_into"]


class AliasInline(admin.TabularInline):
    model = Alias
    extra = 1
    readonly_fields = ["created_at"]


class ClaimReviewInline(admin.TabularInline):
    model = ClaimReview
    extra = 0


class ClaimLinkInline(admin.TabularInline):
    model = ClaimLink
    fk_name = "claim"
    extra = 0
    autocomplete_fields = ["other"]


@admin.register(Entity)
class EntityAdmin(RecordedAdmin):
    list_display = ["name", "type", "wikidata_id", "merged_into"]
    list_filter = ["type"]
    search_fields = ["name", "aliases__text", "wikidata_id", "description"]
    readonly_fields = HOUSEKEEPING
    inlines = [AliasInline]


@admin.register(Alias)
class AliasAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["text", "entity", "origin"]
    list_filter = ["origin"]
    search_fields = ["text", "entity__name"]


@admin.register(Claim)
class ClaimAdmin(RecordedAdmin):
    list_display = ["text", "language", "created_at", "merged_into"]
    search_fields = ["text"]
    readonly_fields = HOUSEKEEPING
    inlines = [ClaimReviewInline, ClaimLinkInline]


@admin.register(ClaimVector)
class ClaimVectorAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "model"]
    list_select_related = ["claim"]
    exclude = ["vector"]
    search_fields = ["text"]


@admin.register(ClaimReview)
class ClaimReviewAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "rating", "reviewer", "reviewed_on"]
    search_fields = ["claim__text", "rating", "reviewer"]


@admin.register(ClaimLink)
class ClaimLinkAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["claim", "kind", "other"]
    list_filter = ["kind"]
    search_fields = ["claim__text", "other__text"]


@admin.register(Source)
class SourceAdmin(RecordedAdmin):
    list_display = ["name", "kind", "entity", "affiliation", "merged_into"]
    list_filter = ["kind"]
    search_fields = ["name", "entity__name", "affiliation"]
    autocomplete_fields = ["entity"]
    readonly_fields = HOUSEKEEPING


@admin.register(Annotation)
class AnnotationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["label", "kind", "type", "status", "confidence", "suggester", "article"]
    list_filter = ["kind", "status", "type", "suggester"]
    list_select_related = ["article", "suggester"]
    search_fields = [
        "uuid",
        "label",
        "entity__name",
        "claim__text",
        "source__name",
        "article__title",
    ]


@admin.register(Attribution)
class AttributionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["uuid", "claim", "source", "manner", "mode", "status"]
    list_filter = ["status", "manner", "mode"]
    search_fields = ["uuid", "claim__label", "source__label"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["annotation", "version", "action", "editor", "at"]
    list_filter = ["action"]
    list_select_related = ["annotation", "editor"]
    search_fields = ["annotation__label", "editor__username"]


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["revision", "state", "attempt", "queued_at", "finished_at", "error"]
    list_filter = ["state"]
    list_select_related = ["revision"]
    search_fields = ["revision__article__title", "error"]


@admin.register(Suggester)
class SuggesterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "version", "first_seen"]
    search_fields = ["name"]


@admin.register(ShownStory)
class ShownStoryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "outlet", "published_at", "config"]
    list_select_related = ["outlet"]
    search_fields = ["title"]
    exclude = ["words", "title_words"]


@admin.register(StoryVector)
class StoryVectorAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "model"]
    search_fields = ["title"]
    exclude = ["vector"]


@admin.register(ShownName)
class ShownNameAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["text", "kind", "thing"]
    list_filter = ["kind"]
    search_fields = ["text"]
    exclude = ["words"]


@admin.register(ShownTie)
class ShownTieAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["source", "claim", "article", "places", "denials"]
    list_select_related = ["source", "claim", "article"]
    search_fields = ["source__name", "claim__text"]


@admin.register(ShownAbout)
class ShownAboutAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["entity", "article", "places"]
    list_select_related = ["entity", "article"]
    search_fields = ["entity__name"]


class TallyAdmin(ReadOnly, admin.ModelAdmin):
    """Counts: looked at here, kept by `annotations/showing.py`."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self.opts.pk.name if self.opts.pk else "pk", "stories", "mentions", "newest"]

    def get_search_fields(self, request: HttpRequest) -> list[Any]:
        name = self.opts.pk.name if self.opts.pk else "pk"
        return [f"{name}__text" if name == "claim" else f"{name}__name"]


admin.site.register([EntityTally, ClaimTally, SourceTally, OutletTally], TallyAdmin)


@admin.register(Import)
class ImportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["uuid", "name", "format", "state", "creator", "queued_at"]
    list_filter = ["state", "format"]
    list_select_related = ["creator"]
    search_fields = ["name"]


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["file", "line", "place", "field", "reason"]
    list_select_related = ["file"]
    search_fields = ["reason", "place"]


@admin.register(ImportPart)
class ImportPartAdmin(ReadOnly, admin.ModelAdmin):
    """What is not taken in yet."""

    list_display = ["file", "number"]
    list_select_related = ["file"]
    search_fields = ["file__name"]
    exclude = ["data"]


@admin.register(ImportedAs)
class ImportedAsAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["file", "theirs"]
    list_select_related = ["file"]
    search_fields = ["theirs"]
