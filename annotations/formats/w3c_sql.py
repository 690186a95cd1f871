"""The SQL that makes PostgreSQL write annotations as `w3c.annotation_to_jsonld` writes them.

For exports: a million annotations are built where they lie, at the speed of a copy. A test holds
the two to each other, annotation by annotation.
"""

# ruff: noqa: S608 - of this file's own words, and of querysets with their parameters
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from annotations.formats.contexts import contexts
from annotations.formats.w3c import CONTEXT, WIKIDATA

# What an annotation's own row says; `page` is a SELECT of these, in this order. It is not joined to
# the table again: PostgreSQL might read that from its beginning for each part.
COLUMNS = tuple(
    "id uuid article_id revision_id kind spans start end type label entity_id claim_id source_id "
    "status confidence reason suggester_id creator_id extra version created_at updated_at".split()
)
# To be said in the transaction before LINES. Its rows are some hundreds or thousands, looked up by
# their numbers: PostgreSQL must not read whole tables for them, however it weighs that, as it would
# do so each time; nor weigh the order of ten tables, which takes longer than to write a page.
BY_INDEX = """
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
SET LOCAL join_collapse_limit = 1; SET LOCAL max_parallel_workers_per_gather = 0;
"""
LINES = """
SELECT {annotation}
FROM ({page}) AS a({columns})
JOIN articles_article art ON art.id = a.article_id
JOIN articles_revision r ON r.id = a.revision_id
LEFT JOIN annotations_entity e ON e.id = a.entity_id
LEFT JOIN annotations_claim c ON c.id = a.claim_id
LEFT JOIN annotations_source s ON s.id = a.source_id
LEFT JOIN annotations_entity se ON se.id = s.entity_id
LEFT JOIN annotations_suggester g ON g.id = a.suggester_id
LEFT JOIN auth_user u ON u.id = a.creator_id
CROSS JOIN LATERAL (
    SELECT {around} AS words, least(a.start, {context}) AS before OFFSET 0
) AS w
ORDER BY a.id
"""
# What is said of a tie; `ties` is a SELECT of these, in this order, of those of one claim that may
# be shown. They are looked up by index: a join of all claims at once reads whole tables.
TIE_COLUMNS = {
    "pk": "id", "uuid": "uuid", "cue": "cue", "manner": "manner", "mode": "mode",
    "by_outlet": "by_outlet", "status": "status", "source__uuid": "source",
    "parent__uuid": "parent", "parent__claim__uuid": "parent_claim",
}  # fmt: skip
TIES = """
SELECT string_agg({tie}, ',' ORDER BY t.id) FROM ({ties}) AS t({columns})
"""


@dataclass(frozen=True)
class Sql:
    """An expression whose value is JSON. Where it may have none, it is `optional`: an object leaves
    such a member out."""

    text: str
    optional: bool = False


@dataclass(frozen=True)
class Pieces:
    """JSON of pieces that run on: texts as they are, and expressions. Without a value of one of
    these it has none."""

    pieces: tuple[str | Sql, ...]
    optional: bool = False

    @property
    def text(self) -> str:
        return " || ".join(
            _literal(piece) if isinstance(piece, str) else piece.text for piece in self.pieces
        )


@lru_cache(maxsize=50)
def lines(*, page: str, ties: str, base: str) -> str:
    """A SELECT of one text a row. `page` is a SELECT of the annotations' COLUMNS, `ties` one of
    the TIE_COLUMNS of a claim's attributions, the claim being `a.id`. Parameters: of `ties`, of
    `page`."""
    columns = ", ".join(TIE_COLUMNS.values())
    said = TIES.format(tie=_concat(_tie(base)), ties=ties, columns=columns)
    return LINES.format(
        page=page,
        columns=", ".join(f'"{name}"' for name in COLUMNS),
        annotation=_concat(_annotation(base, said)),
        around=_around("a.start", 'a."end"'),
        context=CONTEXT,
    )


def _annotation(base: str, ties: str) -> dict[str | None, Any]:
    return {
        "@context": contexts(base),
        "id": _address(base, "/api/annotations/", "a.uuid"),
        "type": "Annotation",
        "motivation": Sql(
            """CASE a.kind WHEN 'claim' THEN '"describing"' WHEN 'source' THEN '"tagging"' """
            """ELSE CASE WHEN a.entity_id IS NULL THEN '"classifying"' ELSE '"identifying"' END """
            "END"
        ),
        "created": _moment("a.created_at"),
        "modified": _moment("a.updated_at"),
        "creator": _where("u.id", {"type": "Person", "name": _string("u.username")}),
        "generator": _where(
            "g.id",
            {
                "type": "Software",
                "name": _string("g.name"),
                "softwareVersion": _string("g.version"),
            },
        ),
        "kind": _word("a.kind"),
        "status": _word("a.status"),
        "confidence": Sql("a.confidence", optional=True),
        "version": Sql("a.version"),
        "reason": _string("nullif(a.reason, '')", optional=True),
        "body": _body(base),
        "target": Pieces(("[", Sql(_targets(base)), "]")),
        "attributions": Sql(
            f"CASE WHEN a.kind = 'claim' THEN '[' || coalesce(({ties}), '') || ']' END",
            optional=True,
        ),
        None: Sql(
            "CASE WHEN a.extra <> '{}' THEN (SELECT string_agg(to_json(key) || ':' || value, ',') "
            "FROM jsonb_each(a.extra)) END",
            optional=True,
        ),
    }  # fmt: skip


def _body(base: str) -> Sql:
    entity = {
        "id": _address(base, _before("entity"), "e.slug"),
        "type": _capitalised("e.type"),
        "name": _string("e.name"),
        "sameAs": Pieces(('["' + WIKIDATA, Sql("e.wikidata_id"), '"]'), optional=True),
        "purpose": "identifying",
    }  # fmt: skip
    mention = {
        "type": _capitalised("a.type"),
        "name": _string("a.label"),
        "purpose": "classifying",
    }
    claim = {
        "type": "Claim",
        "id": _address(base, _before("claim", 0), "c.id", optional=True),
        "text": _string("coalesce(c.text, a.label)"),
        "purpose": "describing",
    }
    source = {
        "type": "Source",
        "id": _address(base, _before("source"), "s.slug", optional=True),
        "sourceKind": _string("a.type"),
        "name": _string("coalesce(s.name, a.label)"),
        "entity": _address(base, _before("entity"), "se.slug", optional=True),
        "affiliation": _string("nullif(s.affiliation, '')", optional=True),
        "unnamedReason": _string("nullif(s.unnamed_reason, '')", optional=True),
        "purpose": "tagging",
    }
    return Sql(
        f"CASE a.kind WHEN 'claim' THEN {_concat(claim)} WHEN 'source' THEN {_concat(source)} "
        f"ELSE CASE WHEN e.id IS NULL THEN {_concat(mention)} ELSE {_concat(entity)} END END"
    )


def _targets(base: str) -> str:
    """One span is by far the most frequent: it is read without a subquery."""
    one = _concat(_target(base, "a.start", 'a."end"', "w"))
    each = _concat(_target(base, "span.first", "span.last", "around"))
    return (
        f"CASE WHEN cardinality(a.spans) = 2 THEN {one} ELSE (SELECT string_agg({each}, ',' "
        f"ORDER BY span.n) FROM {_spans('a.spans')}) END"
    )


def _target(base: str, first: str, last: str, window: str) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": _address(base, _before("story"), "art.slug"),
        "revision": Sql("r.number"),
        "selector": _selectors(first, last, window),
    }


def _selectors(first: str, last: str, window: str) -> list[Any]:
    """`window` has the span with what stands around it: `words`, of which `before` precede."""
    length = f"{last} - {first}"
    return [
        {
            "type": "TextPositionSelector",
            "start": Sql(first),
            "end": Sql(last),
        },
        {
            "type": "TextQuoteSelector",
            "exact": _string(f"substr({window}.words, {window}.before + 1, {length})"),
            "prefix": _string(f"left({window}.words, {window}.before)"),
            "suffix": _string(f"substr({window}.words, {window}.before + {length} + 1)"),
        },
    ]


def _around(first: str, last: str) -> str:
    """The span with CONTEXT characters on either side, cut out once: texts are long. One of ASCII
    alone is cut as bytes, which need no counting: that saves a quarter of all the work."""
    begin = f"greatest({first} - {CONTEXT}, 0)"
    place = f"{begin} + 1, {last} + {CONTEXT} - {begin}"
    plain = f"convert_from(substr(convert_to(r.text, 'UTF8'), {place}), 'UTF8')"
    return (
        f"CASE WHEN r.length = octet_length(r.text) THEN {plain} ELSE substr(r.text, {place}) END"
    )


def _spans(array: str) -> str:
    """The spans of an array as rows, each with what stands around it."""
    return (
        f"(SELECT n, {array}[n][1] AS first, {array}[n][2] AS last "
        f"FROM generate_subscripts({array}, 1) AS n OFFSET 0) AS span CROSS JOIN LATERAL "
        f"(SELECT {_around('span.first', 'span.last')} AS words, "
        f"least(span.first, {CONTEXT}) AS before OFFSET 0) AS around"
    )


def _tie(base: str) -> dict[str, Any]:
    cue = _concat(_selectors("span.first", "span.last", "around"))
    return {
        "id": _tie_address(base, "a.uuid", "t.uuid"),
        "attributedTo": _or_null(_address(base, "/api/annotations/", "t.source")),
        "cue": Sql(
            "CASE WHEN cardinality(t.cue) = 0 THEN '[]' ELSE (SELECT '[' || "
            f"string_agg({cue}, ',' ORDER BY span.n) || ']' FROM {_spans('t.cue')}) END"
        ),
        "manner": _word("t.manner"),
        "mode": _word("t.mode"),
        "byOutlet": Sql("to_json(t.by_outlet)"),
        "status": _word("t.status"),
        "parent": _or_null(_tie_address(base, "t.parent_claim", "t.parent")),
    }  # fmt: skip


def _tie_address(base: str, claim: str, tie: str) -> Pieces:
    start = json.dumps(f"{base}/api/annotations/")[:-1]
    return Pieces((start, Sql(claim), "/#attribution-", Sql(tie), '"'))


def _before(page: str, example: Any = "x") -> str:
    """What stands in an address of a page before the slug or number."""
    return reverse(f"site:{page}", args=[example]).removesuffix(f"{example}/")


def _address(base: str, path: str, key: str, *, optional: bool = False) -> Pieces:
    """The address of a thing by its slug, number or UUID, none of which JSON escapes."""
    return Pieces((json.dumps(base + path)[:-1], Sql(key), '/"'), optional)


def _word(expression: str) -> Pieces:
    """A text of letters."""
    return Pieces(('"', Sql(expression), '"'))


def _string(expression: str, *, optional: bool = False) -> Sql:
    return Sql(f"to_json({expression})", optional)


def _capitalised(expression: str) -> Pieces:
    return _word(f"upper(left({expression}, 1)) || substr({expression}, 2)")


def _moment(expression: str) -> Pieces:
    """As Python's isoformat: microseconds with six digits, or not at all."""
    utc = f"({expression} AT TIME ZONE 'UTC')"
    pattern = (
        f"CASE WHEN mod(extract(microseconds FROM {expression})::int, 1000000) = 0 "
        """THEN 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"' END"""
    )
    return _word(f"to_char({utc}, {pattern})")


def _or_null(value: Pieces) -> Sql:
    return Sql(f"coalesce({value.text}, 'null')")


def _where(condition: str, node: Any) -> Sql:
    """The node where the column has a value."""
    return Sql(f"CASE WHEN {condition} IS NOT NULL THEN {_concat(node)} END", optional=True)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _concat(node: Any) -> str:
    """An expression that gives the node as JSON text: constants run together, the rest put in."""
    parts: list[str | Sql] = []
    for part in _parts(node):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return f"concat({', '.join(_literal(p) if isinstance(p, str) else p.text for p in parts)})"


def _parts(node: Any) -> Any:
    if isinstance(node, Sql):
        yield node
    elif isinstance(node, Pieces):
        yield from node.pieces
    elif isinstance(node, dict):
        yield "{"
        for place, (name, value) in enumerate(node.items()):
            yield from _member(name, value, first=place == 0)
        yield "}"
    elif isinstance(node, list):
        yield "["
        for place, value in enumerate(node):
            yield "," if place else ""
            yield from _parts(value)
        yield "]"
    else:
        yield json.dumps(node)


def _member(name: str | None, value: Any, *, first: bool) -> Any:
    """A member of an object, left out where its expression has no value; the first never is. One
    without a name is members already."""
    start = ("" if first else ",") + (json.dumps(name) + ":" if name else "")
    if isinstance(value, Sql | Pieces) and value.optional:
        yield Sql(f"{_literal(start)} || ({value.text})::text")
    else:
        yield start
        yield from _parts(value)
