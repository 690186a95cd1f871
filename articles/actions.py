"""The words of the log: what may be done to each type of thing.

One list for all: the log takes no other word, and whoever filters it may choose among these.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

# What may be decided of an annotation; `annotations.models.decision.Action` has the same words.
_DECIDED = ("add", "accept", "reject", "change", "reopen", "delete", "restore")
# What the admin pages say of rows in another thing's form.
_BY_ADMIN = ("create", "change", "delete")

ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "article": ("create", "correct", "revise", "move", "publish", "change"),
    "revision": ("create",),
    "annotation": ("suggest", "refresh", "take back", "carry", *_DECIDED),
    "attribution": ("suggest", "carry", "tie", "untie", "accept", "reopen"),
    "entity": ("create", "change", "learn", "unlearn", "merge", "discard"),
    "claim": ("create", "change", "merge", "discard"),
    "claim_link": ("link", "unlink", *_BY_ADMIN),
    "claim_review": ("review", *_BY_ADMIN),
    "source": ("create", "change", "merge", "discard"),
    "run": ("queue", "start", "retry", "fail", "finish"),
})  # fmt: skip
TYPES = tuple(ACTIONS)


class UnknownAction(LookupError):
    """A word that the log does not have for such a thing: a fault of the writer."""


def check(type: str, action: str) -> None:
    """Raises UnknownAction for what a writer may not say."""
    if action not in ACTIONS.get(type, ()):
        raise UnknownAction(f"{action} {type}: not in articles/actions.py")


def actions_of(types: Collection[str] = ()) -> tuple[str, ...]:
    """The words for some types, without any for all, each once."""
    return tuple(dict.fromkeys(word for type in types or TYPES for word in ACTIONS[type]))


def pairs(types: Collection[str], actions: Collection[str]) -> list[tuple[str, str]]:
    """What there is of these types and actions; without any it is all of them."""
    return [
        (type, action)
        for type in types or TYPES
        for action in ACTIONS[type]
        if not actions or action in actions
    ]
