from __future__ import annotations

import re
import subprocess
import sys

import pytest

from articles.models import Article
from newsdesk.bench_read import STORY_WORDS, repeated, story

TEXTS = ["One two.\n\nThree four five.", "Six seven eight nine."]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newsdesk.bench_read", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_texts_are_repeated_until_there_are_words_enough() -> None:
    assert repeated(TEXTS, 1) == TEXTS[:1]
    assert repeated(TEXTS, 10) == [*TEXTS, TEXTS[0]]


def test_each_story_is_another_one_and_as_long_as_the_others() -> None:
    made = [story(TEXTS, number) for number in range(5)]
    assert {len(text.split()) for text in made} == {STORY_WORDS}
    assert len({text.split("\n\n", 1)[1][:40] for text in made[:3]}) == 3


@pytest.mark.django_db
def test_the_figures_come_from_a_desk_of_its_own() -> None:
    done = bench("--words", "100", "--stories", "1")
    assert done.returncode == 0, done.stderr
    assert re.search(r"bulk, all suggesters +[\d,]+ words/s\n", done.stdout)
    assert re.search(r"400 words, read, linked and matched +median \d+ ms", done.stdout)
    assert not Article.objects.exists()


def test_a_folder_without_texts_is_refused(tmp_path) -> None:
    done = bench("--texts", str(tmp_path))
    assert done.returncode == 2
    assert "there must be a .txt file" in done.stderr
