"""What the tests of steps share: sending decisions as one step, and taking a step back."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

from newsdesk.desk import undoable


def send(client, article, data):
    where = f"/desk/articles/{article.pk}/decisions"
    return client.post(where, json.dumps(data), content_type="application/json")


def do(client, article, *decisions, step=None, **more):
    """Send decisions as one step; its identifier and the results."""
    step = step or str(uuid4())
    data = {"action": "batch", "step": step, "decisions": list(decisions), **more}
    answer = send(client, article, data)
    assert answer.status_code == 200, answer.json()
    return step, answer.json()["results"]


def undo(client, article, step, *rows, **more):
    """Take a step back, as the page does: with the rows that the log has of it."""
    editor = client.session["_auth_user_id"]
    rows = rows or undoable.rows_of(article_id=article.pk, editor=editor, step=UUID(step))
    decisions = [
        {"action": "revert", "id": row["id"], "subject": row["subject"], **more} for row in rows
    ]
    return do(client, article, *decisions, undoes=step)


def accept(one, version=1, **more):
    return {"action": "accept", "id": str(one.uuid), "version": version, **more}


def act(action, one, version=1, **more):
    return {**accept(one, version, **more), "action": action}


def state(row) -> dict:
    row = type(row).objects.get(pk=row.pk)
    return {name: value for name, value in row.snapshot().items() if name != "version"}
