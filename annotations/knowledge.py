"""The writer of the knowledge base: entities and claims, found, made and corrected. Sources have
`annotations/sources.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from annotations import renaming
from annotations.models import Alias, Claim, Entity, Source
from annotations.models.entity import AliasOrigin, EntityType
from annotations.models.fields import fold
from articles.changes import recording
from articles.errors import Denied, Refused
from articles.once import made_or_found
from articles.roles import Scope, is_editor
from articles.slugs import taken_slugs, unique_slug

WIKIDATA = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]{0,15})(?:[?#].*)?",
    re.I,
)


def require_editor(user: Any) -> None:
    """Raise Denied unless `user` may tag and edit."""
    if not is_editor(user):
        raise Denied(
            "Only editors may change annotations. Sign in as an editor.", scope=Scope.ANNOTATE
        )


def create_entity(
    *,
    name: str,
    type: str,
    actor: Any,
    aliases: Iterable[str] = (),
    description: str = "",
    wikidata_id: str | None = None,
    slug: str = "",
) -> Entity:
    """A new entity. `slug` is a wish: a taken one gets a number."""
    name = " ".join(name.split())
    if not name or len(name) > 300:
        raise Refused("A name has 1 to 300 characters.", field="name")
    if type not in EntityType.values:
        raise Refused(f"The type must be one of {', '.join(EntityType.values)}.", field="type")
    with recording(actor=actor) as log:
        entity = Entity(
            slug=unique_slug(Entity, slug or name, fallback=type),
            name=name,
            type=type,
            description=description,
            wikidata_id=wikidata_id or None,
            created_by=actor,
        )
        check_fields(entity)
        entity.save()
        add_aliases(entity, aliases, AliasOrigin.GIVEN)
        log.add("create", entity)
    return entity


def create_entities(*, rows: Iterable[dict[str, Any]], actor: Any) -> list[Entity]:
    """New entities in bulk, of rows with name, type, aliases, description and wikidata.

    A name that an entity of the type has already is left alone.
    """
    known = set(Entity.objects.values_list("folded_name", "type"))
    wikidata_ids = set(Entity.objects.values_list("wikidata_id", flat=True))
    slugs = taken_slugs(Entity)
    made: list[tuple[Entity, list[str]]] = []
    for row in rows:
        key = (fold(row["name"]), row["type"])
        if key in known:
            continue
        known.add(key)
        wikidata_id = row.get("wikidata") or None
        entity = Entity(
            slug=_free_slug(row["name"], row["type"], slugs),
            name=row["name"],
            folded_name=key[0],
            type=row["type"],
            description=row.get("description", ""),
            wikidata_id=None if wikidata_id in wikidata_ids else wikidata_id,
            created_by=actor,
        )
        wikidata_ids.add(wikidata_id)
        made.append((entity, row.get("aliases", [])))
    return _insert_entities(made, actor)


def _free_slug(name: str, type: str, taken: set[str]) -> str:
    base = slugify(name)[:80].strip("-") or type
    numbered = (f"{base}-{number}" for number in count(2))
    slug = next(slug for slug in chain([base], numbered) if slug not in taken)
    taken.add(slug)
    return slug


def _insert_entities(made: list[tuple[Entity, list[str]]], actor: Any) -> list[Entity]:
    with recording(actor=actor) as log:
        entities = Entity.objects.bulk_create([entity for entity, _ in made], batch_size=500)
        Alias.objects.bulk_create(
            (
                Alias(entity=entity, text=text, folded=fold(text))
                for entity, aliases in made
                for text in sorted(set(aliases) - {entity.name})
            ),
            batch_size=1000,
        )
        stored = Entity.objects.filter(pk__in=[e.pk for e in entities]).prefetch_related("aliases")
        for entity in stored:
            log.add("create", entity)
    return entities


def check_fields(row: Entity | Source) -> None:
    # What the constraints of an entity say its fields say too, without a query for each.
    constraints = isinstance(row, Source)
    try:
        row.full_clean(exclude=["created_by", "merged_into"], validate_constraints=constraints)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error


def add_aliases(entity: Entity, given: Iterable[str], origin: str) -> list[Alias]:
    """Give the entity these names beside the ones it has; returns the new ones."""
    wanted = {" ".join(name.split())[:300] for name in given} - {"", entity.name}
    if not wanted:
        return []
    known = set(entity.aliases.values_list("text", flat=True))
    return [
        Alias.objects.create(entity=entity, text=text, origin=origin)
        for text in sorted(wanted - known)
    ]


def change_entity(*, entity: Entity, actor: Any, seen_version: int, **values: Any) -> Entity:
    """Set name and, with it, the address; type, description, wikidata_id, aliases (all of them)."""
    with recording(actor=actor) as log:
        locked = lock_version(Entity, entity.pk, seen_version)
        before = locked.snapshot()
        aliases = values.pop("aliases", None)
        for field, value in values.items():
            setattr(locked, field, value)
        locked.wikidata_id = locked.wikidata_id or None
        locked.version += 1
        check_fields(locked)
        renaming.follow_name(locked, before["name"], log)
        locked.save()
        if aliases is not None:
            locked.aliases.exclude(text__in=aliases).delete()
            add_aliases(locked, aliases, AliasOrigin.GIVEN)
        log.add("change", locked, before=before)
    return locked


def lock_version(model: Any, pk: Any, seen_version: int | None) -> Any:
    """The row, locked; raises StaleVersion when it is not at the version that was seen."""
    from articles.errors import StaleVersion

    row = model.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if seen_version is not None and row.version != seen_version:
        raise StaleVersion(row, seen_version)
    return row


def find_or_create_entity(*, name: str, type: str, actor: Any) -> Entity | None:
    """The one entity of that type that goes by the name; a new one when there is none.

    None when several do: only a person can say which.
    """
    found = list(Entity.objects.called(fold(name)).filter(type=type)[:2])
    if len(found) == 1:
        return found[0]
    return None if found else create_entity(name=name, type=type, actor=actor)


def find_or_create_claim(*, text: str, language: str, actor: Any) -> Claim:
    """The claim with this sentence, however it is cased and spaced.

    The sentence of a merged claim is that of the claim it was merged into.
    """
    text = " ".join(text.split())
    if not text or len(text) > 1000:
        raise Refused("A claim's sentence has 1 to 1,000 characters.", field="text")
    if known := _claim_saying(text):
        return known

    def make() -> Claim:
        with recording(actor=actor) as log:
            claim = Claim.objects.create(text=text, language=language, created_by=actor)
            log.add("create", claim)
        return claim

    return made_or_found(make, lambda: _claim_saying(text))


def _claim_saying(text: str) -> Claim | None:
    known = Claim.objects.saying(text).select_related("merged_into").first()
    return known and (known.merged_into or known)


def change_claim(*, claim: Claim, text: str, actor: Any, seen_version: int) -> Claim:
    """Correct the normalised sentence; refused where another claim has it already."""
    text = " ".join(text.split())
    if not text or len(text) > 1000:
        raise Refused("A claim's sentence has 1 to 1,000 characters.", field="text")
    twin = Claim.objects.current().saying(text).exclude(pk=claim.pk).first()
    if twin:
        raise Refused("Another claim has this sentence already.", field="text", claim=twin.pk)
    with recording(actor=actor) as log:
        locked = lock_version(Claim, claim.pk, seen_version)
        before = locked.snapshot()
        locked.text = text
        locked.version += 1
        locked.save()
        log.add("change", locked, before=before)
    return locked


def wikidata_id_in(text: str) -> str:
    """The identifier in what was pasted: "Q42", or an address of Wikidata that ends in it; empty
    when there is none."""
    found = WIKIDATA.fullmatch(text.strip())
    return found.group(1).upper() if found else ""
