"""Rows of models by SQL that is written once.

Of a page that everybody reads, Django spends more on making SQL from querysets, and on columns that
the page does not show, than PostgreSQL on the answers.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Values = tuple[Any, ...]


class _Part(Generic[Row]):
    """Some columns of a model's row, as they stand in a statement under a name for the table."""

    def __init__(self, model: type[Row], columns: str, table: str) -> None:
        named = set(columns.split())
        # In the order of the model, as it takes them: the key comes first.
        self._names = [f.attname for f in model._meta.concrete_fields if f.attname in named]
        if missing := named.difference(self._names):
            raise ValueError(f"{model.__name__} has no {', '.join(sorted(missing))}")
        self._model = model
        self.columns = [f'{table}."{name}"' for name in self._names]

    def made(self, values: Values) -> Row | None:
        """The row, or None where an outer join found none."""
        if values[0] is None:
            return None
        return self._model.from_db(connection.alias, self._names, values)


class Rows(Generic[Row]):
    """What is read of a model's rows: some columns, those of `joined` rows, and `more` beside them.

    `rest` of the statement joins, chooses and puts in order; the table is `x` in it, and a joined
    one is called as the field. A field that was not named costs a query a row when it is asked for.
    """

    def __init__(
        self, model: type[Row], columns: str, rest: str, *, more: str = "",
        **joined: tuple[type[Model], str],
    ) -> None:  # fmt: skip
        self._own = _Part(model, columns, "x")
        self._joined = {name: _Part(*part, table=name) for name, part in joined.items()}
        self._more = more.split()
        listed = [*self._own.columns, *self._more]
        for part in self._joined.values():
            listed += part.columns
        self._sql = f"SELECT {', '.join(listed)} FROM {model._meta.db_table} x {rest}"  # noqa: S608

    def read(self, *values: Any) -> list[Row]:
        """The rows for these values of the statement's parameters; one query."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            return [self._made(row) for row in cursor.fetchall()]

    def of(self, keys: Collection[int]) -> dict[int, Row]:
        """The rows of these keys, by their own, in order; no query for none.

        For a statement whose only parameter is a list of keys.
        """
        return {row.pk: row for row in self.read(list(keys))} if keys else {}

    def _made(self, values: Values) -> Row:
        at = len(self._own.columns)
        made: Any = self._own.made(values[:at])
        for name in self._more:
            setattr(made, name.rpartition(".")[2], values[at])
            at += 1
        for name, part in self._joined.items():
            end = at + len(part.columns)
            setattr(made, name, part.made(values[at:end]))
            at = end
        return made
