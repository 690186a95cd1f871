"""What a test that commits leaves in the database is deleted after it.

Django truncates every table and makes its own rows in them anew, which takes PostgreSQL ten times
as long as most of these tests do.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

# Django makes their rows with the tables.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
WITH_VECTORS = "SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%USING hnsw%'"


def install() -> None:
    """Have all tests that commit end so, from now on."""
    whole = TransactionTestCase._fixture_teardown

    def teardown(case: Any) -> None:
        if not empty():
            whole(case)

    TransactionTestCase._fixture_teardown = teardown


def empty() -> bool:
    """Delete all rows; False where that takes Django's own way, for want of a superuser."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(IS_SUPERUSER)
        if not cursor.fetchone()[0]:
            return False
        if not (tables := with_rows(cursor)):
            return True
        cursor.execute(WITH_VECTORS)
        # What is deleted stays in an index of vectors for a while, and there in the way.
        truncated = {name for (name,) in cursor.fetchall()}
        # Without the triggers that keep what must not change, and keys in any order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "; ".join(
                f'TRUNCATE "{name}"' if name in truncated else f'DELETE FROM "{name}"'
                for name in tables
            )
        )
    return True


def with_rows(cursor: Any) -> list[str]:
    """The tables in which there is something, but those that are kept."""
    names = set(connection.introspection.table_names(cursor)) - KEPT
    one = "SELECT '{0}' WHERE EXISTS (SELECT FROM \"{0}\")"
    cursor.execute(" UNION ALL ".join(one.format(name) for name in sorted(names)))
    return [name for (name,) in cursor.fetchall()]
