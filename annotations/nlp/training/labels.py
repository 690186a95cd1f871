"""One table of what each corpus calls our entity types.

A corpus's tag allows one or more of our types, as far as it tells them apart; NONE among them says
that some of its mentions are none for us. `silent` are the types that a corpus does not annotate:
where it says nothing, they may stand. Both are left out of the loss instead of being taught wrong
(`annotations/nlp/training/model.py: marginal_loss`).
"""

from __future__ import annotations

from dataclasses import dataclass

TYPES = ("person", "organisation", "place", "event", "work", "product", "group")
NONE = ""
TAGS = ("O", *(f"{prefix}-{type}" for type in TYPES for prefix in "BI"))

_MISC = ("event", "work", "product", "group", NONE)
_ANY = (*TYPES, NONE)


@dataclass(frozen=True)
class Scheme:
    """What a corpus's tags allow, and the types of which it says nothing."""

    tags: dict[str, tuple[str, ...]]
    silent: tuple[str, ...] = ()


OURS = Scheme({type: (type,) for type in TYPES})
UNER = Scheme(
    {"PER": ("person",), "LOC": ("place",), "ORG": ("organisation",), "OTH": _MISC},
    silent=("event", "work", "product", "group"),
)
# "gpe" are nationalities, once `corpora.gmb` took the countries out; "tim" are dates, which are no
# entities; "nat" are storms and germs.
GMB = Scheme(
    {
        "geo": ("place",), "gpe": ("group",), "org": ("organisation",),
        "per": ("person",), "tim": (NONE,), "art": ("work", "product"), "eve": ("event",),
        "nat": _ANY,
    },
    silent=("event", "work", "product"),
)  # fmt: skip
WIKIGOLD = Scheme({"PER": ("person",), "LOC": ("place",), "ORG": ("organisation",), "MISC": _MISC})
WNUT = Scheme(
    {
        "person": ("person",), "location": ("place",), "corporation": ("organisation",),
        "group": ("organisation",), "creative-work": ("work",), "product": ("product",),
    },
    silent=("event", "group"),
)  # fmt: skip
CROSSNER = Scheme(
    {
        **dict.fromkeys(
            ("person", "politician", "researcher", "scientist", "writer", "musicalartist"),
            ("person",),
        ),
        **dict.fromkeys(
            ("organisation", "politicalparty", "university", "band"), ("organisation",)
        ),
        **dict.fromkeys(("country", "location"), ("place",)),
        **dict.fromkeys(("election", "event", "conference"), ("event",)),
        **dict.fromkeys(("book", "poem", "album", "song"), ("work",)),
        **dict.fromkeys(("magazine", "academicjournal"), ("work", "organisation")),
        **dict.fromkeys(("product", "programlang"), ("product",)),
        "misc": _MISC,
        **dict.fromkeys(
            (
                "algorithm", "task", "field", "metrics", "award", "literarygenre", "musicgenre",
                "musicalinstrument", "astronomicalobject", "chemicalcompound", "chemicalelement",
                "protein", "enzyme", "discipline", "theory",
            ),
            _ANY,
        ),
    },
    silent=("group", "product"),
)  # fmt: skip


def allowed(tag: str, scheme: Scheme) -> frozenset[int]:
    """The indices of TAGS that a corpus's IOB2 tag allows."""
    prefix, _, name = tag.partition("-")
    if prefix == "O":
        names = [NONE, *scheme.silent]
        return frozenset(i for n in names for i in _indices(n, "BI"))
    return frozenset(i for n in scheme.tags[name] for i in _indices(n, prefix))


def _indices(type: str, prefixes: str) -> list[int]:
    return [TAGS.index(f"{p}-{type}") for p in prefixes] if type else [0]
