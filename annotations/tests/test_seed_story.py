"""What the machine must find in the user's own story, with the starter knowledge base."""

from __future__ import annotations

import pytest
from django.conf import settings

from annotations import reading, seeding, suggesting
from annotations.models import Annotation, Attribution
from articles.ingest.text import read_text
from articles.models import Article
from articles.revising import create_article

pytestmark = pytest.mark.django_db

SEED = settings.BASE_DIR / "seeds" / "000_71f4712ea89c3f57.txt"


@pytest.fixture
def article() -> Article:
    seeding.load_knowledge(settings.BASE_DIR / "seeds" / "knowledge.jsonl")
    article = create_article(draft=read_text(SEED.read_bytes())).article
    suggesting.read(reading.queue_run(revision=article.revision).pk)
    return article


def test_its_names_are_suggested(article) -> None:
    names = set(Annotation.objects.filter(kind="entity").values_list("entity__name", flat=True))
    assert {
        "Vladimir Putin", "Kassym-Jomart Tokayev", "Astana", "Kazakhstan",
        "Institute for the Study of War", "Collective Security Treaty Organization",
    } <= names  # fmt: skip


def test_isw_is_one_entity_with_its_full_name(article) -> None:
    rows = Annotation.objects.filter(kind="entity", entity__name="Institute for the Study of War")
    assert sorted(" ".join(row.words()) for row in rows) == [
        "ISW", "ISW", "Institute for the Study of War",
    ]  # fmt: skip


def test_its_claims_are_suggested_with_their_sources(article) -> None:
    said = [
        (tie.source.label, article.text[slice(*tie.cue[0])], tie.claim.words()[0])
        for tie in Attribution.objects.with_ends().filter(source__isnull=False)
    ]
    isw = "Institute for the Study of War"
    expected = [
        (isw, "according to", "This initiative is part of"),
        (isw, "suggests", "that the Kremlin aims"),
        (isw, "notes", "that neither the article"),
        ("Vladimir Putin", "praised", "the strength of Russian-Kazakh relations"),
    ]
    for source, cue, words in expected:
        assert any((s, c) == (source, cue) and w.startswith(words) for s, c, w in said)


def test_its_ten_related_headlines_are_rows_and_no_text(article) -> None:
    titles = [headline.title for headline in article.related_headlines.all()]
    assert len(titles) == 10
    assert not any(title in article.text for title in titles)
