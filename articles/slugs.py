"""Readable, unique parts of addresses."""

from __future__ import annotations

import zlib

from django.db import connection, models
from django.utils.text import slugify

SLUG_LOCK_CLASS = 7163


def unique_slug(model: type[models.Model], text: str, *, fallback: str) -> str:
    """A slug of `text` that no row of `model` has: "putin", else "putin-2", "putin-3" ...

    Must be called in the transaction that writes the row: a lock on the slug, held until it
    ends, keeps two writers from finding the same one free. Scripts without an ASCII form get
    `fallback`.
    """
    base = slugify(text)[:80].strip("-") or fallback
    with connection.cursor() as cursor:
        key = zlib.crc32(f"{model._meta.db_table}:{base}".encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SLUG_LOCK_CLASS, key])
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
