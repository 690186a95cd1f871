"""What the bodies of W3C annotations mean in this desk: the thing at an address of ours, or a name
for it, or a thing that is made anew. What stands at addresses is read for many bodies at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from annotations import knowledge, sources
from annotations.bodies import Body
from annotations.formats.w3c import WIKIDATA, ReadAnnotation
from annotations.lookups import (
    Lookup,
    claims_at,
    entities_at,
    entities_identified,
    numbered,
    sources_at,
    speakers,
)
from annotations.models import Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from articles.errors import Refused

_SLUG = re.compile(r"/(entities|sources|claims)/([^/]+)/?$")
_RESOURCE = re.compile(r"/api/(entities|sources)/(\d{1,18})/?$")


class Meanings:
    """Of many bodies, for the editor who sends them or in whose name they come."""

    def __init__(self, editor: Any) -> None:
        self._editor = editor
        self.entities: Lookup[str, Entity] = Lookup(entities_at)
        self.sources: Lookup[str, Source] = Lookup(sources_at)
        self._claims: Lookup[int, Claim] = Lookup(claims_at)
        self._numbered: dict[str, Lookup[int, Any]] = {
            "entities": Lookup(partial(numbered, Entity)),
            "sources": Lookup(partial(numbered, Source)),
        }
        self._identified: Lookup[str, Entity] = Lookup(entities_identified)
        self._speakers: Lookup[int, Source] = Lookup(speakers)

    def look_up(self, bodies: Iterable[Mapping[str, Any]]) -> None:
        """Read what stands at the addresses in the bodies."""
        bodies = list(bodies)
        given = [body.get(name) for body in bodies for name in ("id", "entity")]
        addresses = [address for address in given if address]
        self.entities.ask(filter(None, (_slug(address, "entities") for address in addresses)))
        self.sources.ask(filter(None, (_slug(address, "sources") for address in addresses)))
        self._claims.ask(filter(None, map(_claim_number, addresses)))
        for folder, lookup in self._numbered.items():
            lookup.ask(filter(None, (_number(address, folder) for address in addresses)))
        self._identified.ask(_wikidata_ids(bodies))

    def known(self, read: ReadAnnotation) -> Body | None:
        """What the body means; None where a thing is to be made for it.

        Raises Refused for an address of ours that leads nowhere, unless the body says enough to
        make it."""
        if read.kind not in self._KNOWN:
            raise Refused("The kind is entity, claim or source.", field="kind")
        return self._KNOWN[read.kind](self, read.body)

    def of(self, read: ReadAnnotation) -> Body:
        """As `known`, and made where it is not there."""
        known = self.known(read)
        if known is not None:
            return known
        return self._new_entity(read.body) if read.kind == "entity" else self._new_source(read.body)

    def _entity(self, body: Mapping[str, Any]) -> Body | None:
        slug = _slug(body.get("id", ""), "entities")
        if not slug:
            known = self._at_number(body, "entities") or self._of_wikidata(body)
            named = Body(type=body.get("type", "").lower(), label=body.get("name", ""))
            return Body(entity=known) if known else named
        known = self.entities.get(slug)
        if not known and not body.get("name"):
            raise Refused("There is no such entity here.", field="body.id")
        return Body(entity=known) if known else None

    def _claim(self, body: Mapping[str, Any]) -> Body:
        address = body.get("id", "")
        number = _claim_number(address)
        known = self._claims.get(number) if number else None
        if known:
            return Body(claim=known)
        if _slug(address, "claims") and not body.get("text"):
            raise Refused("There is no such claim here.", field="body.id")
        return Body(label=body.get("text", ""))

    def _source(self, body: Mapping[str, Any]) -> Body | None:
        slug = _slug(body.get("id", ""), "sources")
        known = self.sources.get(slug) if slug else self._at_number(body, "sources")
        if known:
            return Body(source=known)
        entity_slug = _slug(body.get("entity", ""), "entities")
        entity = self.entities.get(entity_slug) if entity_slug else None
        if entity:
            speaker = self._speakers.get(entity.pk)
            return Body(source=speaker) if speaker else None
        if entity_slug and not body.get("name"):
            raise Refused("There is no such entity here.", field="body.entity")
        if slug:
            return None
        return Body(type=body.get("sourceKind", ""), label=body.get("name", ""))

    def _at_number(self, body: Mapping[str, Any], folder: str) -> Any:
        """The entity or source at an address of the API. Raises Refused where there is none."""
        number = _number(body.get("id", ""), folder)
        known = self._numbered[folder].get(number) if number else None
        if number and known is None:
            raise Refused("There is no such thing here.", field="body.id")
        return known

    def _of_wikidata(self, body: Mapping[str, Any]) -> Entity | None:
        """The entity that has the Wikidata id of the body, and its type if that is said."""
        type = body.get("type", "").lower()
        identifiers = _wikidata_ids([body])
        found = [known for each in identifiers if (known := self._identified.get(each))]
        known = next((entity for entity in found if type in ("", entity.type)), None)
        if known is None and identifiers and not type:
            raise Refused(
                f"The desk knows no entity with the Wikidata id {identifiers[0][:20]} yet: say its "
                "type and its name.",
                field="body",
            )
        return known

    _KNOWN: Any = {"entity": _entity, "claim": _claim, "source": _source}

    # What is made is asked for anew the next time, since it goes with what it was made for.

    def _new_entity(self, body: Mapping[str, Any]) -> Body:
        name, type = body["name"], body.get("type", "").lower()
        slug = _slug(body["id"], "entities")
        self.entities.forget(slug)
        same = list(Entity.objects.called(fold(name)).filter(type=type)[:2])
        if len(same) == 1:
            return Body(entity=same[0])
        return Body(
            entity=knowledge.create_entity(
                name=name, type=type, slug=slug, actor=self._editor,
                wikidata_id=_wikidata_id(body),
            )
        )  # fmt: skip

    def _new_source(self, body: Mapping[str, Any]) -> Body:
        slug = _slug(body.get("id", ""), "sources")
        entity_slug = _slug(body.get("entity", ""), "entities")
        self.sources.forget(slug)
        entity = self.entities.get(entity_slug) if entity_slug else None
        if entity:
            self._speakers.forget(entity.pk)
            return Body(source=self._speaker(entity, body.get("sourceKind", "")))
        if not body.get("name"):
            raise Refused("There is no such source here.", field="body.id")
        kind = body.get("sourceKind", "")
        if kind not in SourceKind.values:
            raise Refused("Say what kind of source it is.", field="body.sourceKind")
        if entity_slug:
            self.entities.forget(entity_slug)
            return Body(source=self._speaker(self._speaking_entity(body, entity_slug), kind))
        return Body(
            source=sources.create_source(
                name=body["name"],
                kind=kind,
                slug=slug,
                actor=self._editor,
                affiliation=body.get("affiliation", ""),
                unnamed_reason=body.get("unnamedReason", ""),
            )
        )

    def _speaking_entity(self, body: Mapping[str, Any], slug: str) -> Entity:
        type = sources.ENTITY_OF_KIND.get(SourceKind(body["sourceKind"]), EntityType.WORK)
        return knowledge.create_entity(name=body["name"], type=type, slug=slug, actor=self._editor)

    def _speaker(self, entity: Entity, kind: str) -> Source:
        return sources.source_of_entity(entity=entity, kind=kind, actor=self._editor)


def _slug(iri: str, folder: str) -> str:
    match = None if _RESOURCE.search(iri) else _SLUG.search(iri)
    return match.group(2) if match and match.group(1) == folder else ""


def _number(iri: str, folder: str) -> int | None:
    match = _RESOURCE.search(iri)
    return int(match.group(2)) if match and match.group(1) == folder else None


def _wikidata_ids(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    iris = [iri for body in bodies for iri in (body.get("id", ""), *body.get("sameAs", []))]
    return [iri.rpartition("/")[2] for iri in iris if "wikidata.org/" in iri]


def _claim_number(iri: str) -> int | None:
    identifier = _slug(iri, "claims")
    return int(identifier) if identifier.isdecimal() and len(identifier) < 18 else None


def _wikidata_id(body: Mapping[str, Any]) -> str | None:
    for iri in body.get("sameAs", []):
        if "wikidata.org/" in iri:
            wikidata_id = iri.removeprefix(WIKIDATA).rpartition("/")[2]
            return None if Entity.objects.filter(wikidata_id=wikidata_id).exists() else wikidata_id
    return None
