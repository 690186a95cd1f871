"""What of a desk's stories is known, and so taught."""

from __future__ import annotations

import pytest

from annotations import deciding, reading, suggesting
from annotations.decided import decided_stories, undecided_texts
from annotations.deciding import Body
from annotations.nlp.training.lessons import Story
from annotations.tests.factories import span_of, suggest, suggest_tie
from articles.models import Article
from articles.tests.factories import editor, make_article

pytestmark = pytest.mark.django_db

TEXT = (
    "Ana Ruiz said that it rained in Oslo.\n\nBo Lee said that it froze.\n\nIt was a cold day."
    "\n\nRead also: Bo Lee in court"
)


@pytest.fixture
def ada():
    return editor(username="ada")


@pytest.fixture
def article() -> Article:
    """A story that was read; nothing was found."""
    article = make_article(TEXT, title="Rain")
    suggesting.read(reading.queue_run(revision=article.revision).pk, [])
    return article


def story() -> Story | None:
    return next((one.story for one in decided_stories()), None)


def accept(annotation, ada, **body) -> None:
    deciding.accept(annotation=annotation, editor=ada, seen_version=1, body=Body(**body))


def reject(annotation, ada) -> None:
    deciding.reject(annotation=annotation, editor=ada, seen_version=1)


def claim_of(article: Article, source: str, content: str, cue: list | None) -> tuple:
    claim = suggest(article, "claim", content)
    said_by = suggest(article, "source", source, type="person")
    suggest_tie(claim, said_by, cue=cue or [])
    return claim, said_by


def unknown_words(article: Article) -> str:
    return " ".join(article.text[a:b] for a, b in story().unknown).strip()


def test_nothing_is_known_of_a_story_that_nobody_decided(article) -> None:
    suggest(article, "entity", "Ana Ruiz")
    assert story() is None


def test_all_is_known_of_a_story_without_open_suggestions(article, ada) -> None:
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    assert unknown_words(article) == "Read also: Bo Lee in court"
    assert [m["name"] for m in story().tags["mentions"]] == ["Ana Ruiz"]


def test_boilerplate_is_not_there_to_be_read(article, ada) -> None:
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    assert story().text.split() == TEXT[: TEXT.index("Read also")].split()


def test_nothing_is_known_before_the_story_was_read(ada) -> None:
    article = make_article(TEXT, title="Rain")
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    assert story() is None


def test_of_a_story_half_decided_the_paragraphs_that_are_decided_are_known(article, ada) -> None:
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    suggest(article, "entity", "Bo Lee")
    known = story().to_measure()[0].split()
    assert " ".join(known) == "Ana Ruiz said that it rained in Oslo."


def test_a_paragraph_with_an_open_suggestion_is_not_known(article, ada) -> None:
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    suggest(article, "entity", "Oslo")
    assert story() is None


def test_what_was_rejected_is_known_to_be_nothing(article, ada) -> None:
    reject(suggest(article, "entity", "Oslo"), ada)
    assert story().tags == {"mentions": [], "attributions": []}


def test_what_was_corrected_is_known_as_it_was_corrected(article, ada) -> None:
    wrong = suggest(article, "entity", "Ana")
    deciding.change(
        annotation=wrong, editor=ada, seen_version=1,
        spans=[span_of(article, "Ana Ruiz")], body=Body(type="group", label="Ruizes"),
    )  # fmt: skip
    (mention,) = story().tags["mentions"]
    assert article.text[mention["start"] : mention["end"]] == "Ana Ruiz"
    assert mention["type"] == "group"


def test_of_mentions_in_each_other_the_longest_is_taught(article, ada) -> None:
    accept(suggest(article, "entity", "Ruiz"), ada)
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    assert [m["name"] for m in story().tags["mentions"]] == ["Ana Ruiz"]


def test_an_accepted_claim_is_taught_with_its_source_and_cue(article, ada) -> None:
    cue = span_of(article, "said")
    for annotation in claim_of(article, "Ana Ruiz", "that it rained in Oslo", [cue]):
        accept(annotation, ada)
    (tie,) = story().tags["attributions"]
    assert tie["source"] == tuple(span_of(article, "Ana Ruiz"))
    assert tie["cue"] == tuple(cue)
    assert tie["content"] == [tuple(span_of(article, "that it rained in Oslo"))]
    assert tie["claimant"] == "Ana Ruiz"


def test_a_rejected_claim_leaves_no_attribution(article, ada) -> None:
    cue = span_of(article, "said")
    for annotation in claim_of(article, "Ana Ruiz", "that it rained in Oslo", [cue]):
        reject(annotation, ada)
    assert (story().tags["attributions"], story().unsure) == ([], [])


def test_where_a_claims_cue_was_left_open_nothing_is_said_of_cues(article, ada) -> None:
    claim, source = claim_of(article, "Ana Ruiz", "that it rained in Oslo", None)
    accept(claim, ada)
    accept(source, ada)
    assert [article.text[a:b] for a, b in story().unsure] == [
        "Ana Ruiz said that it rained in Oslo."
    ]


def test_a_claim_whose_source_was_rejected_teaches_no_attribution(article, ada) -> None:
    cue = span_of(article, "said")
    claim, source = claim_of(article, "Ana Ruiz", "that it rained in Oslo", [cue])
    accept(claim, ada)
    reject(source, ada)
    assert story().tags["attributions"] == []
    assert len(story().unsure) == 1


def test_texts_that_nobody_decided_are_those_left(article, ada) -> None:
    assert [text.split()[:2] for text in undecided_texts(9)] == [["Ana", "Ruiz"]]
    accept(suggest(article, "entity", "Ana Ruiz"), ada)
    assert list(undecided_texts(9)) == []
