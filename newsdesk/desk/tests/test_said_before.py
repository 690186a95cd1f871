from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from annotations.deciding import accept
from annotations.models import Annotation
from annotations.tests.factories import ClaimFactory, suggest
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggested(article, ada) -> Annotation:
    claim = ClaimFactory(text="The bridge is safe.")
    earlier = make_article("It is safe.", title="Earlier")
    one = suggest(earlier, "claim", "It is safe.", label=claim.text)
    accept(annotation=one, editor=ada, seen_version=1)
    said = [{"claim": claim.pk, "similarity": 0.91}]
    return suggest(article, "claim", "The bridge is safe", proposal={"said_before": said})


def address(annotation: Annotation) -> str:
    return f"/desk/claims/{annotation.uuid}/said-before"


def test_a_suggested_claim_tells_what_was_said_before_and_where(suggested, as_ada) -> None:
    [said] = as_ada.get(address(suggested)).json()["said"]
    assert (said["text"], said["similarity"]) == ("The bridge is safe.", 0.91)
    [story] = said["stories"]
    assert story["title"] == "Earlier"
    assert as_ada.get(story["href"]).status_code == 200


def test_the_page_knows_which_claims_to_ask_about(suggested) -> None:
    assert suggested.snapshot()["proposal"] == suggested.proposal


def test_nothing_is_told_of_what_is_not_there(as_ada) -> None:
    assert as_ada.get(f"/desk/claims/{uuid4()}/said-before").json() == {"said": []}


def test_only_editors_are_told(suggested) -> None:
    assert Client().get(address(suggested)).status_code == 401
