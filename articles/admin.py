"""Django's admin for the tables of texts. What it writes goes into the change log too."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from articles.changes import Recorder, recording
from articles.models import Article, Change, OldSlug, Outlet, RelatedHeadline, Revision, Zone


class ReadOnly:
    """A table to look at: what writes it is elsewhere."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False


class RecordedAdmin(admin.ModelAdmin):
    """Saves a row with its inlines as one change of the log. Nothing is deleted here."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with recording(actor=request.user) as log:
            request._newsdesk_log = log  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        stored = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        request._newsdesk_before = stored.snapshot() if stored else None  # type: ignore[attr-defined]
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        inlines = [formset for formset in formsets if hasattr(formset.model, "change_subject")]
        stored = {formset: _stored(formset) for formset in inlines}
        super().save_related(request, form, formsets, change)
        log: Recorder = request._newsdesk_log  # type: ignore[attr-defined]
        for formset, known in stored.items():
            _record(log, formset, known)
        before = request._newsdesk_before  # type: ignore[attr-defined]
        log.add("change" if change else "create", form.instance, before=before)


def _stored(formset: Any) -> dict[models.Model, dict[str, Any]]:
    """The rows of an inline as they are before it is saved, with their states."""
    keys = [form.instance.pk for form in formset.initial_forms]
    rows = formset.model._default_manager.filter(pk__in=keys)
    return {row: row.snapshot() for row in rows}


def _record(log: Recorder, formset: Any, stored: dict[Any, dict[str, Any]]) -> None:
    for row in formset.new_objects:
        log.add("create", row)
    for row, _ in formset.changed_objects:
        log.add("change", row, before=stored[row])
    kept = set(formset.model._default_manager.filter(pk__in=[row.pk for row in stored]))
    for row in stored.keys() - kept:
        log.drop("delete", row, before=stored[row])


class ZoneInline(ReadOnly, admin.TabularInline):
    model = Zone


class RelatedInline(admin.TabularInline):
    model = RelatedHeadline
    extra = 0


admin.site.unregister(User)


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Accounts. A chief makes editors and chiefs, and nobody that may do more than a chief."""

    OVER_CHIEFS = frozenset({"is_superuser", "user_permissions"})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        return [
            (title, {**options, "fields": [f for f in options["fields"] if self._may_set(f)]})
            for title, options in fieldsets
        ]

    def _may_set(self, field: Any) -> bool:
        return field not in self.OVER_CHIEFS

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


@admin.register(Outlet)
class OutletAdmin(admin.ModelAdmin):
    list_display = ["name", "url"]
    search_fields = ["name", "url"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """An outlet that is renamed changes its articles, which go by its name in the log."""
        with recording(actor=request.user) as log:
            renamed = change and "name" in form.changed_data
            articles = list(obj.articles.with_text()) if renamed else []
            before = {article.pk: article.snapshot() for article in articles}
            super().save_model(request, obj, form, change)
            for article in articles:
                article.outlet, article.version = obj, article.version + 1
                article.save(update_fields=["version", "updated_at"])
                log.add("change", article, before=before[article.pk])


@admin.register(Article)
class ArticleAdmin(RecordedAdmin):
    list_display = ["title", "state", "outlet", "language", "created_at", "published_at"]
    list_filter = ["state", "language", "outlet"]
    search_fields = ["title", "slug", "byline", "url"]
    autocomplete_fields = ["outlet"]
    readonly_fields = [
        "uuid", "slug", "state", "fingerprint", "revision", "version", "created_by",
        "created_at", "published_at",
    ]  # fmt: skip
    inlines = [RelatedInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["article", "number", "length", "created_by", "created_at"]
    search_fields = ["article__title", "text", "note"]
    inlines = [ZoneInline]


@admin.register(Zone)
class ZoneAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["revision", "kind", "start", "end"]
    list_filter = ["kind"]
    search_fields = ["revision__article__title"]


@admin.register(RelatedHeadline)
class RelatedHeadlineAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "article", "position", "url"]
    search_fields = ["title", "article__title", "url"]


@admin.register(OldSlug)
class OldSlugAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["slug", "kind", "thing", "since"]
    list_filter = ["kind"]
    search_fields = ["slug"]


@admin.register(Change)
class ChangeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["seq", "at", "actor", "agent", "action", "subject_type", "subject_id"]
    list_filter = ["action", "subject_type"]
    search_fields = ["subject_id", "actor__username", "agent"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Change]:
        return super().get_queryset(request).select_related("actor")
