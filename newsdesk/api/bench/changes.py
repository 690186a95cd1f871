"""Pages of the change log, at the start, the middle and the end of a long one."""

from __future__ import annotations

import json
import time
from statistics import median

from django.db import connection

from newsdesk.api.bench.desk import Client, Desk

PAGE = 1000
READS = 15

# As the changes of one annotation are: what it was before, and what it is.
FILL = """
INSERT INTO articles_change
    (seq, at, actor_id, agent, action, subject_type, subject_id, article_id, before, after)
SELECT n, now() - (%(last)s - n) * interval '1 second', NULL, 'bench',
    CASE n %% 3 WHEN 0 THEN 'suggest' WHEN 1 THEN 'accept' ELSE 'reject' END,
    CASE n %% 50 WHEN 0 THEN 'entity' WHEN 1 THEN 'claim' ELSE 'annotation' END,
    md5(n::text), 1 + n %% 10000,
    CASE n %% 3 WHEN 0 THEN NULL ELSE state END, state
FROM generate_series(%(first)s::bigint, %(last)s) AS n CROSS JOIN LATERAL (
    SELECT jsonb_build_object(
        'id', md5(n::text), 'article', 1 + n %% 10000, 'revision', 1, 'kind', 'entity',
        'spans', jsonb_build_array(jsonb_build_array(n %% 400, n %% 400 + 8)), 'type', 'person',
        'label', 'Ana Ruiz ' || n, 'name', 'Ana Ruiz ' || n, 'body', NULL, 'status', 'accepted',
        'confidence', 0.9, 'reason', 'a capital letter and a verb of saying', 'proposal',
        '{}'::jsonb, 'suggester', 'reader 4', 'creator', NULL, 'version', 2, 'deleted', false
    ) AS state
) AS made
"""


def run(desk: Desk) -> list[str]:
    """The figures, a line each."""
    last = _fill(desk.options["changes"])
    client = desk.client()
    places = {"start": 0, "middle": last // 2, "end": last - PAGE}
    lines = [_line(client, f"at the {name}", f"after={after}") for name, after in places.items()]
    lines.append(_line(client, "of one type, at the middle", f"after={last // 2}&type=claim"))
    return [f"changes, a page of {PAGE:,} of {last:,} {line}" for line in lines]


def _fill(rows: int) -> int:
    """Make the log at least so long; returns its newest number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM articles_change")
        (newest,) = cursor.fetchone()
        if newest < rows:
            cursor.execute(FILL, {"first": newest + 1, "last": rows})
        cursor.execute("ANALYZE articles_change")
    return max(newest, rows)


def _line(client: Client, what: str, query: str) -> str:
    times, size = [], 0
    for _ in range(READS):
        began = time.perf_counter()
        status, body = client.ask("GET", f"/api/changes/?{query}&limit={PAGE}")
        times.append(time.perf_counter() - began)
        assert status == 200, body
        assert len(json.loads(body)["results"]) == PAGE
        size = len(body)
    return (
        f"{what}: median {median(times) * 1000:.1f} ms, longest {max(times) * 1000:.1f} ms "
        f"({size / 1000:.0f} kB)"
    )
