"""The words of the log: one list, which every writer keeps to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin

from articles.actions import ACTIONS, UnknownAction, actions_of, pairs
from articles.admin import RecordedAdmin
from articles.changes import Change, recording
from articles.tests.factories import make_article

ROOT = Path(__file__).parents[2]
ROOMS = ("articles", "annotations", "newsdesk")
# What writers call the log.
LOGS = {"log", "changes", "recorder", "inner", "_newsdesk_log"}


def said(tree: ast.AST) -> Iterator[str]:
    """The words that stand in calls of `add` and `drop` of a log."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        of = call.func.value
        name = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
        if call.func.attr in ("add", "drop") and name in LOGS and len(call.args) == 2:
            yield from (
                part.value
                for part in ast.walk(call.args[0])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def test_every_word_of_every_writer_is_in_the_list() -> None:
    files = [
        path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "tests" not in path.parts
    ]
    words = {(word, path.name) for path in files for word in said(ast.parse(path.read_text()))}
    assert len(words) > 30
    assert {(word, name) for word, name in words if word not in actions_of()} == set()


def test_the_words_of_the_admin_are_in_the_list() -> None:
    types = {type.replace("_", ""): type for type in ACTIONS}
    recorded = [each for each in admin.site._registry.values() if isinstance(each, RecordedAdmin)]
    assert len(recorded) > 3
    for each in recorded:
        assert {"create", "change"} <= set(ACTIONS[types[each.opts.model_name]])
        for inline in each.inlines:
            if hasattr(inline.model, "change_subject"):
                words = ACTIONS[types[inline.model._meta.model_name]]
                assert {"create", "change", "delete"} <= set(words)


@pytest.mark.django_db
def test_the_log_takes_no_other_word() -> None:
    article = make_article()
    before = Change.objects.count()
    with pytest.raises(UnknownAction, match="bless article"), recording() as log:
        log.add("bless", article)
    with pytest.raises(UnknownAction, match="merge article"), recording() as log:
        log.add("merge", article)
    assert Change.objects.count() == before


def test_the_words_of_some_types_are_each_told_once() -> None:
    assert actions_of(["claim", "source"]) == ("create", "change", "merge", "discard")
    assert set(actions_of()) == {word for words in ACTIONS.values() for word in words}


def test_types_and_actions_are_told_as_the_pairs_that_there_are() -> None:
    assert pairs(["claim", "run"], ["merge", "queue"]) == [("claim", "merge"), ("run", "queue")]
    assert pairs([], ["publish"]) == [("article", "publish")]
