"""The writer of the knowledge base: entities, claims and sources, found, made and corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.text import slugify

from annotations import names, renaming
from annotations.models import Alias, Annotation, Claim, Entity, Source
from annotations.models.entity import AliasOrigin, EntityType
from annotations.models.fields import fold
from annotations.models.source import SourceKind
from articles.changes import Recorder, recording
from articles.errors import Denied, Refused
from articles.roles import Scope, is_editor
from articles.slugs import slug_after_rename, taken_slugs, unique_slug

# What kind of source an entity of a type speaks as. Others cannot speak.
SPEAKS_AS = {
    EntityType.PERSON: SourceKind.PERSON,
    EntityType.ORGANISATION: SourceKind.ORGANISATION,
    EntityType.PLACE: SourceKind.ORGANISATION,
    EntityType.GROUP: SourceKind.ORGANISATION,
    EntityType.WORK: SourceKind.DOCUMENT,
}
# The type of a new entity for a source of a kind; documents and posts get none by themselves.
ENTITY_OF_KIND = {
    SourceKind.PERSON: EntityType.PERSON,
    SourceKind.ORGANISATION: EntityType.ORGANISATION,
    SourceKind.OUTLET: EntityType.ORGANISATION,
}


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
        _check(entity)
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


def _check(row: Entity | Source) -> None:
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
        _check(locked)
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


def learn_alias(entity: Entity, words: str, *, actor: Any) -> None:
    """Remember the words of an accepted mention as a name of its entity."""
    name = names.learnable(entity, words)
    if not name:
        return
    if entity.aliases.filter(text=name).exists():
        return
    with recording(actor=actor) as log:
        before = entity.snapshot()
        alias = Alias(entity=entity, text=name, folded=fold(name), origin=AliasOrigin.LEARNED)
        # Somebody may be learning the same at this moment.
        Alias.objects.bulk_create([alias], ignore_conflicts=True)
        log.add("learn", entity, before=before)


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
    known = Claim.objects.saying(text).select_related("merged_into").first()
    if known:
        return known.merged_into or known
    with recording(actor=actor) as log:
        claim = Claim.objects.create(text=text, language=language, created_by=actor)
        log.add("create", claim)
    return claim


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


def source_of_entity(*, entity: Entity, kind: str = "", actor: Any) -> Source:
    """The source that this entity is, made when it has not spoken before."""
    known = Source.objects.current().filter(entity=entity).first()
    if known:
        return known
    speaks_as = kind or SPEAKS_AS.get(EntityType(entity.type))
    if not speaks_as:
        raise Refused(f"A {entity.get_type_display().lower()} cannot be a source.", field="entity")
    try:
        with recording(actor=actor):
            return create_source(name=entity.name, kind=speaks_as, entity=entity, actor=actor)
    except IntegrityError:
        # Somebody made it at this moment.
        known = Source.objects.current().filter(entity=entity).first()
        if known is None:
            raise
        return known


def create_source(
    *,
    name: str,
    kind: str,
    actor: Any,
    entity: Entity | None = None,
    affiliation: str = "",
    unnamed_reason: str = "",
    slug: str = "",
) -> Source:
    """A new source; an unnamed one is named by its words and tied to no entity."""
    name = " ".join(name.split())
    if not name or len(name) > 300:
        raise Refused("A source's name has 1 to 300 characters.", field="name")
    if kind not in SourceKind.values:
        raise Refused(f"The kind must be one of {', '.join(SourceKind.values)}.", field="kind")
    if entity and kind == SourceKind.UNNAMED:
        raise Refused("An unnamed source cannot be tied to an entity.", field="entity")
    with recording(actor=actor) as log:
        source = Source(
            slug=unique_slug(Source, slug or name, fallback="source"),
            name=name,
            kind=kind,
            entity=entity,
            affiliation=affiliation,
            unnamed_reason=unnamed_reason if kind == SourceKind.UNNAMED else "",
            created_by=actor,
        )
        _check(source)
        source.save()
        log.add("create", source)
    return source


def find_or_create_source(
    *, name: str, kind: str, actor: Any, article_id: int, proposal: dict[str, Any] | None = None
) -> Source | None:
    """The source of that name and kind; None where several entities go by the name.

    An unnamed source is one thing within one article only: "an official" of another story is
    somebody else.
    """
    proposal = proposal or {}
    if kind == SourceKind.UNNAMED:
        return _unnamed_source(name, actor, article_id, proposal)
    entity = _entity_of_source(name, kind, proposal.get("entity"), actor)
    if entity:
        return source_of_entity(entity=entity, kind=kind, actor=actor)
    if SourceKind(kind) in ENTITY_OF_KIND:
        return None
    known = Source.objects.current().filter(folded_name=fold(name), kind=kind).first()
    return known or create_source(name=name, kind=kind, actor=actor)


def _unnamed_source(name: str, actor: Any, article_id: int, proposal: dict[str, Any]) -> Source:
    said_here = Annotation.objects.kept().filter(
        article_id=article_id, source__kind=SourceKind.UNNAMED, source__folded_name=fold(name)
    )
    known = said_here.select_related("source").first()
    if known and known.source:
        return known.source
    return create_source(
        name=name,
        kind=SourceKind.UNNAMED,
        actor=actor,
        affiliation=proposal.get("affiliation", ""),
        unnamed_reason=proposal.get("unnamed_reason", ""),
    )


def _entity_of_source(name: str, kind: str, entity_id: int | None, actor: Any) -> Entity | None:
    if entity_id:
        entity = Entity.objects.filter(pk=entity_id).select_related("merged_into").first()
        if entity:
            return entity.merged_into or entity
    speakers = [type for type, speaks in SPEAKS_AS.items() if speaks == kind]
    found = list(
        Entity.objects.called(fold(name)).filter(
            type__in=speakers or [ENTITY_OF_KIND.get(SourceKind(kind), EntityType.WORK)]
        )[:2]
    )
    if len(found) == 1:
        return found[0]
    type = ENTITY_OF_KIND.get(SourceKind(kind))
    return None if found or not type else create_entity(name=name, type=type, actor=actor)


def change_source(*, source: Source, actor: Any, seen_version: int, **values: Any) -> Source:
    """Set name, kind, affiliation, unnamed_reason or entity.

    Raises StaleVersion, or Refused: a reason stands with an unnamed source only, an entity never.
    """
    require_editor(actor)
    with recording(actor=actor) as log:
        locked = lock_version(Source, source.pk, seen_version)
        before = locked.snapshot()
        for field, value in values.items():
            setattr(locked, field, value)
        locked.name = " ".join(locked.name.split())
        if locked.kind != SourceKind.UNNAMED and "unnamed_reason" not in values:
            locked.unnamed_reason = ""
        _check_source(locked)
        if fold(locked.name) != fold(before["name"]):
            locked.slug = slug_after_rename(locked, locked.name, fallback="source")
        locked.version += 1
        locked.save()
        _follow(locked, log)
        log.add("change", locked, before=before)
    return locked


def _check_source(source: Source) -> None:
    unnamed = source.kind == SourceKind.UNNAMED
    if unnamed and source.entity_id:
        raise Refused("An unnamed source cannot be tied to an entity.", field="entity")
    if source.unnamed_reason and not unnamed:
        raise Refused("Only an unnamed source has a reason.", field="unnamed_reason")
    same = Source.objects.current().filter(entity=source.entity_id).exclude(pk=source.pk)
    if source.entity_id and same.exists():
        raise Refused("Another source is this entity already.", field="entity")
    _check(source)


def _follow(source: Source, log: Recorder) -> None:
    """What its annotations are called, and of what kind, is what it is."""
    spoken = Annotation.objects.filter(source=source)
    for annotation in spoken.exclude(type=source.kind, label=source.name).locked():
        before = annotation.snapshot()
        annotation.type, annotation.label = source.kind, source.name
        annotation.version += 1
        annotation.save()
        log.add("change", annotation, before=before)


def wikidata_id_in(text: str) -> str:
    """The identifier in what was pasted: "Q42", or an address of Wikidata that ends in it; empty
    when there is none."""
    found = WIKIDATA.fullmatch(text.strip())
    return found.group(1).upper() if found else ""
