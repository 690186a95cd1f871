"""The desk with a spaCy pipeline beside its own suggesters."""

from __future__ import annotations

import pytest

from annotations import reading, suggesting
from annotations.models import Annotation
from annotations.tests.factories import EntityFactory
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def pipeline(tmp_path, settings) -> str:
    import spacy  # it takes a second, and brings torch along

    nlp = spacy.blank("en")
    patterns = {"Ana Ruiz": "PERSON", "Kalvia": "GPE", "Read also": "ORG"}
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in patterns.items()])
    nlp.to_disk(tmp_path)
    settings.SPACY_PIPELINE = str(tmp_path)
    return settings.SPACY_PIPELINE


def test_its_names_are_suggested_beside_the_desks_own(pipeline) -> None:
    EntityFactory(name="Ana Ruiz")
    article = make_article("Ana Ruiz went to Kalvia.\n\nRead also: Ana Ruiz in court", title="Trip")
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk)
    run.refresh_from_db()
    assert run.suggesters["spacy"] == "en_pipeline-0.0.0"
    names = Annotation.objects.filter(kind="entity").order_by("start")
    assert [" ".join(name.words()) for name in names] == ["Ana Ruiz", "Kalvia"]
    assert names[0].entity.name == "Ana Ruiz"
    assert names[1].type == "place"


def test_a_pipeline_that_is_not_there_keeps_nobody_from_reading(settings) -> None:
    settings.SPACY_PIPELINE = "en_not_there"
    article = make_article("Mr. Smith said that it was safe.", title="Bridge")
    run = reading.queue_run(revision=article.revision)
    suggesting.read(run.pk)
    run.refresh_from_db()
    assert (run.state, "spacy" in run.suggesters) == ("done", False)
