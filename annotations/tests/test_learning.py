"""`manage.py train`: from decisions to a model in use."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from annotations import reading, suggesting, weights
from annotations.decided import Decided
from annotations.learning import Course, settle
from annotations.models import Annotation
from annotations.nlp.reader import NAME as READER
from annotations.nlp.training.comparing import Comparison, Row
from annotations.nlp.training.lessons import Story
from annotations.nlp.training.tests.tools import needs_train_tools
from annotations.tests.factories import accept_all, suggest
from articles.tests.factories import editor, make_article

OWN = f"{weights.version_of(weights.SHIPPED)}-desk-1"
NOTHING = {"mentions": [], "attributions": []}


@pytest.fixture(autouse=True)
def models(settings, tmp_path) -> None:
    settings.MODEL, settings.MODELS = None, tmp_path / "models"
    settings.SEEDS = tmp_path


@pytest.fixture
def decided(db) -> None:
    """Five stories that were read and decided: one of them is held out."""
    ada = editor(username="ada")
    for number in range(5):
        article = make_article(f"Zorb Quell met {number} envoys in Dramm.\n\nIt rained.")
        suggest(article, "entity", "Zorb Quell")
        suggest(article, "entity", "Dramm", type="place")
        accept_all(article, ada)
        suggesting.read(reading.queue_run(revision=article.revision).pk, [])


def course(count: int, seeds: int = 0) -> Course:
    """Stories with the numbers from 1 on; the last of the seeds are the first of them."""
    stories = [(f"Seed {n}.", NOTHING) for n in range(seeds)]
    texts = [text for text, _ in stories] + [f"Story {n}." for n in range(count)]
    made = [Decided(n, text, Story(text, NOTHING)) for n, text in enumerate(texts[:count], 1)]
    return Course(made, stories)


def test_every_fifth_story_is_held_out() -> None:
    assert [one.number for one in course(12).held_out] == [5, 10]


def test_what_is_held_out_is_not_taught() -> None:
    lessons = course(12)
    assert not {one.number for one in lessons.taught} & {5, 10}
    assert len(lessons.taught) == 10


def test_a_story_stays_held_out_when_more_are_decided() -> None:
    before = [one.text for one in course(5).held_out]
    assert [one.text for one in course(50).held_out][:1] == before


def test_no_seed_that_is_measured_by_is_taught() -> None:
    lessons = course(4, seeds=6)
    measured = {text for text, _ in lessons.to_measure(None)["2 of the seeds"]}
    assert measured == {"Seed 2.", "Seed 5."}
    taught = {one.text for one in lessons.taught} | {s.text for s in lessons.replayed_seeds()}
    assert not taught & measured


def test_the_gold_of_a_seed_gives_way_to_what_the_desk_decided() -> None:
    assert [story.text for story in course(2, seeds=5).replayed_seeds()] == ["Seed 3.", "Seed 4."]


@needs_train_tools
def test_a_desk_trains_a_model_and_goes_on_with_it(decided, capsys) -> None:
    call_command("train", "--steps=2", "--force")
    shown = capsys.readouterr().out
    assert "4 decided stories to learn from, 1 held out." in shown
    assert "1 stories of the desk: mentions" in shown
    assert f"read with model {OWN} from now on" in shown
    assert weights.model_folder().name == OWN
    article = make_article("President Ana Ruiz said that Oslo was safe.")
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk)
    run.refresh_from_db()
    assert (run.state, run.suggesters[READER]) == ("done", OWN)
    assert Annotation.objects.filter(article=article, suggester__version=OWN).exists()


def stored() -> str:
    """The shipped model once more, as the desk's own."""
    with weights.new_model() as (folder, version):
        shutil.copytree(weights.SHIPPED, folder, dirs_exist_ok=True)
        config = json.loads((folder / weights.CONFIG).read_text())
        (folder / weights.CONFIG).write_text(json.dumps(config | {"version": version}))
    return version


def figures(after: float, tagged: int = 100) -> Comparison:
    """Those of a model that was at 0.8 before."""
    return Comparison([], Row("all together", "everything", tagged, 0.8, after))


def test_a_model_that_is_not_worse_is_used() -> None:
    assert settle(version=stored(), compared=figures(0.8), force=False).in_use
    assert weights.model_folder().name == OWN


def test_a_model_that_is_worse_is_stored_but_not_used() -> None:
    assert not settle(version=stored(), compared=figures(0.79), force=False).in_use
    assert weights.model_folder() == weights.SHIPPED


def test_a_model_that_could_not_be_measured_is_not_used() -> None:
    assert not settle(version=stored(), compared=figures(0.8, tagged=0), force=False).in_use


def test_a_worse_model_is_used_when_somebody_insists() -> None:
    settle(version=stored(), compared=figures(0.79), force=True)
    assert weights.model_folder().name == OWN


def test_a_stored_model_is_used_when_somebody_asks_for_it(capsys) -> None:
    call_command("train", "--use", stored())
    assert weights.model_folder().name == OWN


def test_a_worker_takes_up_another_model_without_a_restart(db) -> None:
    read_with = []
    for _ in range(2):
        run = reading.queue_run(revision=make_article().revision)
        suggesting.read(run.pk)
        run.refresh_from_db()
        read_with.append(run.suggesters[READER])
        weights.use(stored())
    assert read_with == [weights.version_of(weights.SHIPPED), OWN]


@needs_train_tools
def test_nothing_is_trained_before_anything_is_decided(db, settings) -> None:
    with pytest.raises(CommandError, match="nothing to learn yet"):
        call_command("train")
    assert not settings.MODELS.exists()


def test_without_its_tools_a_training_says_what_to_install() -> None:
    command = (
        "import sys; sys.modules['torch'] = sys.modules['onnx'] = None\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line(['manage.py', 'train'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert re.fullmatch(
        r"CommandError: Training needs (torch|onnx), which is not installed: "
        r"run `make train-tools`\.\n",
        done.stderr,
    )


def test_the_models_are_listed_with_the_one_in_use_marked(capsys) -> None:
    call_command("train", "--list")
    assert capsys.readouterr().out.split() == ["*", weights.version_of(weights.SHIPPED), "shipped"]


def test_going_back_from_the_shipped_model_is_refused() -> None:
    with pytest.raises(CommandError, match="none was before it"):
        call_command("train", "--back")
