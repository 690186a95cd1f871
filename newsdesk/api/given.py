"""Fields and bodies that say what they take when they refuse what came in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty


class WordField(serializers.ChoiceField):
    """One of a few words; a refusal says which there are."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, **options)
        known = ", ".join(map(str, self.choices)).replace("{", "{{").replace("}", "}}")
        self.error_messages["invalid_choice"] = f"“{{input}}” is none of {known}."


class Whole(serializers.Serializer):
    """A body all of whose members are known: a misspelt one would else be passed over, and what
    was made would be valid for ever, or be sent everything."""

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, dict) and (
            unknown := [name for name in data if name not in self.fields]
        ):
            known = f"There is no such member here. It takes {', '.join(self.fields)}."
            raise serializers.ValidationError({name[:60]: [known] for name in unknown[:20]})
        return super().run_validation(data)
