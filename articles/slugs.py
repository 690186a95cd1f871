"""Readable, unique parts of addresses."""

from __future__ import annotations

import re
import zlib

from django.db import connection, models
from django.utils.text import slugify

SLUG_LOCK_CLASS = 7163


def unique_slug(model: type[models.Model], text: str, *, fallback: str) -> str:
    """A slug of `text` that no row of `model` has or had: "putin", else "putin-2", "putin-3" ...

    Must be called in the transaction that writes the row: a lock on the slug, held until it
    ends, keeps two writers from finding the same one free. Scripts without an ASCII form get
    `fallback`.
    """
    base = slugify(text)[:80].strip("-") or fallback
    with connection.cursor() as cursor:
        key = zlib.crc32(f"{model._meta.db_table}:{base}".encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SLUG_LOCK_CLASS, key])
    candidate, number = base, 1
    taken = taken_slugs(model, base)
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def taken_slugs(model: type[models.Model], base: str = "") -> set[str]:
    """The slugs that begin so and that a row of `model` has, or had: old ones still lead to it."""
    from articles.models import OldSlug

    now = model._default_manager.filter(slug__startswith=base)
    before = OldSlug.objects.filter(kind=model._meta.model_name, slug__startswith=base)
    return {*now.values_list("slug", flat=True), *before.values_list("slug", flat=True)}


def slug_after_rename(row: models.Model, text: str, *, fallback: str) -> str:
    """The slug of a row that is called `text` now: its own while that fits, or one that it had
    before; else a new one. To be called in the transaction that writes the row."""
    from articles.models import OldSlug

    base = slugify(text)[:80].strip("-") or fallback
    fits = re.compile(rf"{re.escape(base)}(-\d+)?$")
    own: str = row.slug  # type: ignore[attr-defined]
    if fits.match(own):
        return own
    old = OldSlug.objects.filter(kind=row._meta.model_name, thing=row.pk, slug__startswith=base)
    had = sorted(slug for slug in old.values_list("slug", flat=True) if fits.match(slug))
    return had[0] if had else unique_slug(type(row), text, fallback=fallback)
