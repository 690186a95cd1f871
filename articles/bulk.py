"""Many rows of one table at once, several times as fast as `bulk_create` and `bulk_update`.

Django asks each field of each row how its value is to be written; here psycopg2 writes what the
model object holds. It is for rows that our writers made themselves and checked: `save` is not
called, and nothing is sent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, partial
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.fields.json import JSONField
from psycopg2.extras import Json, execute_values

A_STATEMENT = 1000


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert the rows, all of one model, and give them their primary keys.

    Raises IntegrityError as any insert does.
    """
    if not rows:
        return
    model = type(rows[0])
    statement, names, jsons, own_key = _plan(model)
    values_of = attrgetter(*names)
    values = [_values(values_of(row), jsons) for row in rows]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        made = execute_values(
            cursor.cursor, statement, values, page_size=A_STATEMENT, fetch=not own_key
        )
    for number, row in enumerate(rows):
        row._state.adding, row._state.db = False, connection.alias
        if not own_key:
            row.pk = made[number][0]


def update_all(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these attributes (`entity_id`, not `entity`) of the rows, all of one model.

    Raises IntegrityError as any update does.
    """
    if not rows or not names:
        return
    statement, template, jsons = _update_plan(type(rows[0]), tuple(names))
    values_of = attrgetter("pk", *names)
    values = [_values(values_of(row), jsons) for row in rows]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        execute_values(cursor.cursor, statement, values, template, page_size=A_STATEMENT)


def insert_both(row: models.Model, follower: models.Model, link: str) -> None:
    """Insert a row and another that points at it by the foreign key `link`, in one statement, and
    give both their primary keys.

    Raises IntegrityError as any insert does.
    """
    first, first_values = _single(row)
    second, second_values = _single(follower, **{f"{link}_id": "first.id"})
    statement = f"""
        WITH first AS ({first} RETURNING id), second AS ({second} FROM first RETURNING id)
        SELECT first.id, second.id FROM first, second
    """  # noqa: S608 - of names of models
    with connection.cursor() as cursor:
        cursor.execute(statement, [*first_values, *second_values])
        row.pk, follower.pk = cursor.fetchone()
    for made in (row, follower):
        made._state.adding, made._state.db = False, connection.alias


def _single(row: models.Model, **instead: str) -> tuple[str, list[Any]]:
    """An INSERT of one row, as a SELECT, and its parameters; with expressions instead of some."""
    statement, names, jsons, _ = _plan(type(row))
    values = _values(attrgetter(*names)(row), jsons)
    given = [value for name, value in zip(names, values, strict=True) if name not in instead]
    selected = ", ".join(instead.get(name, "%s") for name in names)
    return statement.partition(" VALUES ")[0] + f" SELECT {selected}", given


def _values(values: tuple[Any, ...], jsons: dict[int, Any]) -> tuple[Any, ...]:
    if not jsons:
        return values
    changed = list(values)
    for place, dumps in jsons.items():
        if changed[place] is not None:
            changed[place] = Json(changed[place], dumps=dumps)
    return tuple(changed)


@cache
def _plan(model: type[models.Model]) -> tuple[str, list[str], dict[int, Any], bool]:
    """The statement, the attributes in its order, which of them are JSON, and whether the rows
    bring their own primary key."""
    own_key = not isinstance(model._meta.pk, models.AutoField)
    fields = [f for f in model._meta.concrete_fields if own_key or not f.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(f.column)) for f in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES %s"  # noqa: S608
    if not own_key:
        statement += f" RETURNING {quote(str(model._meta.pk.column))}"
    return statement, [f.attname for f in fields], _jsons(fields), own_key


@cache
def _update_plan(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[str, str, dict[int, Any]]:
    """The statement, the template of a row's values, and which of them are JSON."""
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    key = model._meta.pk
    fields = [key, *(by_name[name] for name in names)]
    quote = connection.ops.quote_name
    columns = [quote(str(f.column)) for f in fields]
    sets = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    table = quote(model._meta.db_table)
    statement = (
        f"UPDATE {table} SET {sets} FROM (VALUES %s) AS new ({', '.join(columns)}) "  # noqa: S608
        f"WHERE {table}.{columns[0]} = new.{columns[0]}"
    )
    # Of a column that is nothing in each row PostgreSQL could not tell the type.
    template = f"({', '.join(f'%s::{_type(f)}' for f in fields)})"
    return statement, template, _jsons(fields)


def _type(field: Any) -> str:
    """The SQL type that its values are cast to; of a key without its being counted up."""
    return str(field.cast_db_type(connection))


def _jsons(fields: Sequence[Any]) -> dict[int, Any]:
    """By place, how a JSON field's value becomes text."""
    return {
        place: partial(json.dumps, cls=f.encoder)
        for place, f in enumerate(fields)
        if isinstance(f, JSONField)
    }
