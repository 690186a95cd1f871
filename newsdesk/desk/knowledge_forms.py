"""The forms of the knowledge base. Each saves through `annotations/knowledge.py`."""

from __future__ import annotations

from typing import Any

from django import forms

from annotations import knowledge, sources
from annotations.models import Claim, Entity, Source
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind


class KnowledgeForm(forms.Form):
    """What an editor says of one thing, and the version of it that she saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def save(self, row: Any, *, actor: Any) -> Any:
        """Raises Refused or StaleVersion."""
        raise NotImplementedError

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}


class EntityForm(KnowledgeForm):
    name = forms.CharField(max_length=300)
    type = forms.ChoiceField(choices=EntityType.choices)
    description = forms.CharField(
        max_length=500,
        required=False,
        help_text="What tells it from others of its name, in a few words.",
    )
    wikidata_id = forms.CharField(
        max_length=200,
        required=False,
        label="Wikidata",
        help_text="Paste the address of its Wikidata page, or the id, such as Q42.",
    )
    aliases = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Other names",
        help_text="One a line. Names of accepted mentions are learned by themselves.",
    )

    @staticmethod
    def initial_of(entity: Entity) -> dict[str, Any]:
        names = entity.aliases.values_list("text", flat=True)
        return {
            "name": entity.name,
            "type": entity.type,
            "description": entity.description,
            "wikidata_id": entity.wikidata_id or "",
            # As browsers send it back, so that what was not changed is not taken for a change.
            "aliases": "\r\n".join(names),
            "version": entity.version,
        }

    def clean_wikidata_id(self) -> str:
        pasted = self.cleaned_data["wikidata_id"]
        found = knowledge.wikidata_id_in(pasted)
        if pasted and not found:
            raise forms.ValidationError("There is no Wikidata id in this: it looks like Q42.")
        return found

    def clean_aliases(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["aliases"].splitlines())
        names = [line for line in lines if line]
        if too_long := next((name for name in names if len(name) > 300), ""):
            raise forms.ValidationError(f"“{too_long[:40]}…” is longer than 300 characters.")
        return names

    def save(self, row: Entity | None, *, actor: Any) -> Entity:
        values = {name: self.cleaned_data[name] for name in self.fields if name != "version"}
        if row is None:
            return knowledge.create_entity(actor=actor, **values)
        seen, changes = self.cleaned_data["version"], self.changes()
        if not changes:
            return row
        return knowledge.change_entity(entity=row, actor=actor, seen_version=seen, **changes)


class ClaimForm(KnowledgeForm):
    text = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="The claim in one sentence",
        help_text="That can be true or false and stands by itself, without “he” or “there”.",
    )

    @staticmethod
    def initial_of(claim: Claim) -> dict[str, Any]:
        return {"text": claim.text, "version": claim.version}

    def save(self, row: Claim, *, actor: Any) -> Claim:
        values = self.cleaned_data
        return knowledge.change_claim(
            claim=row, text=values["text"], actor=actor, seen_version=values["version"]
        )


class SourceForm(KnowledgeForm):
    name = forms.CharField(max_length=300, help_text="Of an unnamed one, the words.")
    kind = forms.ChoiceField(choices=SourceKind.choices)
    affiliation = forms.CharField(
        max_length=300, required=False, help_text="Whom it speaks for, or works for."
    )
    unnamed_reason = forms.CharField(
        max_length=500,
        required=False,
        label="Why it is not named",
        help_text="The reason that the story states; of unnamed sources only.",
    )

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        names = ("name", "kind", "affiliation", "unnamed_reason", "version")
        return {name: getattr(source, name) for name in names}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("unnamed_reason") and values.get("kind") != SourceKind.UNNAMED:
            self.add_error("unnamed_reason", "Only an unnamed source has a reason.")
        return values

    def save(self, row: Source, *, actor: Any) -> Source:
        seen, changes = self.cleaned_data["version"], self.changes()
        if not changes:
            return row
        return sources.change_source(source=row, actor=actor, seen_version=seen, **changes)
