"""Which model is in use, and how that changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotations import weights
from articles.errors import Refused

FIRST, SECOND = (f"{weights.version_of(weights.SHIPPED)}-desk-{n}" for n in (1, 2))


@pytest.fixture(autouse=True)
def models(settings, tmp_path) -> Path:
    settings.MODEL, settings.MODELS = None, tmp_path / "models"
    return settings.MODELS


def store() -> str:
    """A model as far as it matters here."""
    with weights.new_model() as (folder, version):
        (folder / weights.CONFIG).write_text(json.dumps({"version": version}))
    return version


def test_a_new_desk_reads_with_the_shipped_model() -> None:
    assert weights.model_folder() == weights.SHIPPED


def test_models_are_numbered_and_named_after_the_shipped_one() -> None:
    assert [store(), store()] == [FIRST, SECOND]


def test_a_new_model_is_not_used_by_itself() -> None:
    store()
    assert weights.model_folder() == weights.SHIPPED


def test_a_model_is_used_from_the_next_look_on(models) -> None:
    weights.use(store())
    assert weights.model_folder() == models / FIRST


def test_a_model_that_could_not_be_made_leaves_nothing(models) -> None:
    with pytest.raises(ZeroDivisionError), weights.new_model():
        raise ZeroDivisionError
    assert list(models.iterdir()) == []


def test_going_back_uses_the_model_before(models) -> None:
    weights.use(store())
    weights.use(store())
    assert weights.go_back() == FIRST
    assert weights.model_folder() == models / FIRST


def test_going_back_from_the_first_one_uses_the_shipped_one() -> None:
    weights.use(store())
    weights.go_back()
    assert weights.model_folder() == weights.SHIPPED


def test_there_is_nothing_before_the_shipped_one() -> None:
    with pytest.raises(Refused, match="shipped model is in use"):
        weights.go_back()


def test_the_shipped_model_can_be_used_again_and_left_again(models) -> None:
    weights.use(store())
    weights.use(weights.version_of(weights.SHIPPED))
    assert weights.model_folder() == weights.SHIPPED
    assert weights.go_back() == FIRST


def test_no_model_is_lost_by_going_back() -> None:
    weights.use(store())
    weights.go_back()
    assert store() == SECOND
    assert [model.version for model in weights.stored_models()][1:] == [FIRST, SECOND]


def test_a_model_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="no model 1-desk-9"):
        weights.use("1-desk-9")


def test_a_desk_whose_model_was_deleted_reads_with_the_shipped_one(models) -> None:
    weights.use(store())
    (models / FIRST / weights.CONFIG).unlink()
    assert weights.model_folder() == weights.SHIPPED


def test_after_an_upgrade_the_shipped_model_is_used_until_the_desk_trains_again(models) -> None:
    weights.use(store())
    (models / FIRST).rename(models / "0-desk-1")
    (models / weights.CURRENT).write_text("0-desk-1\n")
    assert weights.model_folder() == weights.SHIPPED
    assert store() == SECOND


def test_the_environment_comes_before_what_was_trained(settings, tmp_path) -> None:
    weights.use(store())
    settings.MODEL = tmp_path / "given"
    assert weights.model_folder() == tmp_path / "given"
    with pytest.raises(Refused, match="NEWSDESK_MODEL"):
        weights.go_back()
