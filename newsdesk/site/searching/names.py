"""Names that go with what is typed: suggestions, and what may have been meant where it is misspelt.

PostgreSQL without its contrib modules knows no trigrams: they stand beside the names, and which
names share most of them with a word is asked of an index. The best are then compared letter by
letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import ceil

from django.db import connection
from django.urls import reverse

from annotations.cutting import asked, has_runs, words_of
from annotations.models.entity import EntityType
from newsdesk.site.searching.finding import queries, worded
from newsdesk.site.searching.words import read_words

MOST_OF_A_KIND = 4
SHORTEST = 2
# A word of fewer letters has too many others beside it.
SHORTEST_MISSPELT = 4
# Where a letter is a syllable or a word, names are shorter, and one wrong letter is more of them.
SHORTEST_MISSPELT_RUN, SHARED_BY_RUNS, SAME_RUN = 3, 0.2, 0.6
MOST_MISSPELT = 4
NEARBY = 40
# Of more names than these with a word, which claims may have, only so many are compared.
MOST_COMPARED = 500
# Of the trigrams of what was typed, at least so many are in a name's; of its letters, so many.
SHARED, SAME = 0.3, 0.7

ASKED = "to_tsquery('simple', newsdesk_plain(%(asked)s))"
NAMED = f"""
SELECT {{place}}, '{{kind}}', x.{{address}}, x.{{label}}, {{detail}}, best.stories, best.thing
FROM (
    SELECT n.thing, t.stories
    FROM (SELECT DISTINCT thing FROM (
              SELECT thing FROM annotations_shownname
              WHERE kind = '{{kind}}' AND words @@ {ASKED} LIMIT {MOST_COMPARED}) AS called) AS n
    JOIN annotations_{{kind}}tally t ON t.{{kind}}_id = n.thing
    ORDER BY t.stories DESC, n.thing LIMIT {MOST_OF_A_KIND}
) AS best JOIN annotations_{{kind}} x ON x.id = best.thing
"""  # noqa: S608
BY_KIND = [
    NAMED.format(place=1, kind="entity", address="slug", label="name", detail="x.type"),
    NAMED.format(place=2, kind="source", address="slug", label="name", detail="x.kind"),
    NAMED.format(place=3, kind="claim", address="id::text", label="text", detail="''"),
]
NAMES = "SELECT * FROM (" + " UNION ALL ".join(BY_KIND) + ") AS named ORDER BY 1, 6 DESC, 7"  # noqa: S608

# The trigrams of a word, those that few names have first, as PostgreSQL last counted them.
TRIGRAMS = """
SELECT one FROM unnest(newsdesk_trigrams(%s)) AS one LEFT JOIN (
    SELECT counted.* FROM pg_stats s,
        unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS counted (one, share)
    WHERE s.schemaname = current_schema
        AND s.tablename = 'annotations_shownname' AND s.attname = 'trigrams'
) AS common USING (one)
ORDER BY share NULLS FIRST, one
"""
LIKE = f"""
SELECT n.text, shared FROM annotations_shownname n,
    LATERAL (SELECT count(*) AS shared FROM unnest(n.trigrams) AS one
             WHERE one = ANY(%(all)s::varchar[])) AS counted
WHERE n.trigrams && %(telling)s::varchar[] AND shared >= %(least)s
ORDER BY shared DESC, cardinality(n.trigrams) LIMIT {NEARBY}
"""  # noqa: S608


@dataclass(frozen=True)
class Named:
    """A thing or a story that goes by what was typed."""

    kind: str
    label: str
    address: str
    detail: str
    stories: int


def named(text: str, *, beginning: bool = False) -> list[Named]:
    """Shown entities, claims and sources with all these words in a name, most stories first.

    With `beginning` the last word may be unfinished. One query.
    """
    words = words_of(text)
    if not words or _is_too_short("".join(words)):
        return []
    first, last = words[:-1], asked(words[-1], beginning=beginning)
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"asked": " & ".join([*map(asked, first), last])})
        return [_named(*row) for row in cursor.fetchall()]


def _is_too_short(text: str) -> bool:
    """Of letters that words are spelt with there are to be two; of others, one is a word."""
    return len(text) < SHORTEST and not has_runs(text)


def _named(_: int, kind: str, key: str, label: str, detail: str, stories: int, thing: int) -> Named:
    """A row of NAMES; a source's detail says that it is one."""
    address = reverse(f"site:{kind}", args=[key])
    if kind == "entity":
        detail = str(EntityType(detail).label)
    return Named(
        kind, label, address, {"claim": "Claim", "source": "Source"}.get(kind, detail), stories
    )


def titles(text: str) -> list[Named]:
    """The newest published stories with all these words in their title, the last unfinished."""
    words = read_words(" ".join(words_of(text)) + "*")
    if not words or (len(text.strip()) <= SHORTEST and not has_runs(text)):
        return []
    condition, values = worded("title_words", queries(words))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.slug, a.title FROM annotations_shownstory s "  # noqa: S608
            f"JOIN articles_article a ON a.id = s.article_id WHERE {condition} "
            "ORDER BY s.published_at DESC LIMIT %s",
            [*values, MOST_OF_A_KIND],
        )
        rows = cursor.fetchall()
    return [
        Named("story", title, reverse("site:story", args=[slug]), "Story", 1)
        for slug, title in rows
    ]


def plain(word: str) -> str:
    """Without accents and capitals, as names are compared."""
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def better_spelt(words: Sequence[str]) -> dict[str, str]:
    """For words that no name has but nearly: how the likest name spells it. Two queries a word."""
    found = {}
    for word in [w for w in words if len(w) >= _shortest_misspelt(w)][:MOST_MISSPELT]:
        best = _likest(word, _alike(word))
        if best:
            found[word] = best
    return found


def _shortest_misspelt(word: str) -> int:
    return SHORTEST_MISSPELT_RUN if has_runs(word) else SHORTEST_MISSPELT


def _alike(word: str) -> list[str]:
    shared = SHARED_BY_RUNS if has_runs(word) else SHARED
    with connection.cursor() as cursor:
        cursor.execute(TRIGRAMS, [word])
        trigrams = [one for (one,) in cursor.fetchall()]
        least = ceil(shared * len(trigrams))
        # A name with that many of them has one of these too, however the others are left out.
        telling = trigrams[: len(trigrams) - least + 1]
        cursor.execute(LIKE, {"all": trigrams, "telling": telling, "least": least})
        return [text for text, _ in cursor.fetchall()]


def _likest(word: str, names: Iterable[str]) -> str:
    """The word of the names that is most like this one; nothing where one is the very same."""
    typed = plain(word)
    candidates = dict.fromkeys(part for name in names for part in words_of(name))
    if word.lower() in {part.lower() for part in candidates}:
        return ""
    likeness = [(SequenceMatcher(None, typed, plain(part)).ratio(), part) for part in candidates]
    ratio, best = max(likeness, default=(0.0, ""), key=lambda pair: pair[0])
    return best if ratio >= (SAME_RUN if has_runs(word) else SAME) else ""
