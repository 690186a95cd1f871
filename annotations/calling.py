"""What a file calls its annotations and attributions: their UUIDs, or names that are kept while it
is taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any

from annotations.formats.uuids import uuid_in
from annotations.lookups import Lookup
from annotations.models import Annotation, Attribution, Import, ImportedAs


class Called:
    """The things of one file by their names in it, many asked for at once."""

    def __init__(self, file: Import) -> None:
        self._file = file
        self._annotations: Lookup[str, Annotation] = Lookup(self._find_annotations)
        self._attributions: Lookup[str, Attribution] = Lookup(self._find_attributions)
        self._waiting: dict[str, Annotation | Attribution] = {}

    def look_up(
        self, annotations: Iterable[str | None], attributions: Iterable[str | None]
    ) -> None:
        """Read what has these names, many at once."""
        self._annotations.ask(filter(None, annotations))
        self._attributions.ask(filter(None, attributions))

    def annotation(self, name: str | None) -> Annotation | None:
        return self._annotations.get(name) if name else None

    def attribution(self, name: str | None) -> Attribution | None:
        return self._attributions.get(name) if name else None

    def name(self, name: str, thing: Annotation | Attribution) -> None:
        """Remember what the file calls it; it is stored where that is not its UUID."""
        if not name:
            return
        if isinstance(thing, Annotation):
            self._annotations.put(name, thing)
        else:
            self._attributions.put(name, thing)
        if uuid_in(name) != thing.uuid:
            self._waiting[name] = thing

    def store(self) -> None:
        """Write the names of things that are stored by now."""
        rows = [
            ImportedAs(
                file=self._file,
                theirs=_digest(name),
                annotation=thing if isinstance(thing, Annotation) else None,
                attribution=thing if isinstance(thing, Attribution) else None,
            )
            for name, thing in self._waiting.items()
        ]
        ImportedAs.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["file", "theirs"],
            update_fields=["annotation", "attribution"],
        )
        self._waiting = {}

    def _find_annotations(self, names: Collection[str]) -> dict[str, Annotation]:
        rows: Any = Annotation.objects.all()
        return self._find(names, "annotation", rows)

    def _find_attributions(self, names: Collection[str]) -> dict[str, Attribution]:
        rows: Any = Attribution.objects.select_related("claim", "source", "parent")
        return self._find(names, "attribution", rows)

    def _find(self, names: Collection[str], which: str, rows: Any) -> dict[str, Any]:
        digests = {_digest(name): name for name in names}
        kept = ImportedAs.objects.filter(file=self._file, theirs__in=digests)
        pks = {digests[theirs]: pk for theirs, pk in kept.values_list("theirs", which)}
        uuids = {name: uuid for name in names if name not in pks and (uuid := uuid_in(name))}
        by_pk = {row.pk: row for row in rows.filter(pk__in=filter(None, pks.values()))}
        by_uuid = {row.uuid: row for row in rows.kept().filter(uuid__in=set(uuids.values()))}
        same = by_pk | {row.pk: by_pk.get(row.pk, row) for row in by_uuid.values()}
        found = {name: same[pk] for name, pk in pks.items() if pk in same}
        return found | {
            name: same[by_uuid[uuid].pk] for name, uuid in uuids.items() if uuid in by_uuid
        }


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
