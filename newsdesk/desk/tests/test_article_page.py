from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest

from annotations.deciding import accept
from annotations.tests.factories import accept_all, suggest, suggest_tie
from articles.changes import last_seq, recording
from articles.revising import revise
from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


def page_of(article, client) -> str:
    answer = client.get(f"/desk/articles/{article.pk}/")
    assert answer.status_code == 200
    return answer.text


def state_of(page: str) -> dict:
    found = re.search(r'<script id="annotator-state" type="application/json">(.*?)</script>', page)
    return json.loads(found[1])


def test_a_suggestion_is_marked_with_its_kind_and_status(article, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    assert (
        f'<mark class="tag tag-entity is-suggested" data-id="{mention.uuid}" '
        f'id="tag-{mention.uuid}" tabindex="0" role="group" '
        'aria-label="Entity, person, suggested">Ana Ruiz</mark>'
    ) in page_of(article, as_ada)


def test_an_accepted_tag_is_marked_as_accepted(article, ada, as_ada) -> None:
    suggest(article, "entity", "Ana Ruiz")
    accept_all(article, ada)
    assert 'class="tag tag-entity is-accepted"' in page_of(article, as_ada)


def test_only_the_first_piece_of_a_tag_can_be_focused(article, as_ada) -> None:
    broken = suggest(article, "claim", ["The bridge is safe", "it was not"])
    page = page_of(article, as_ada)
    assert page.count(f'<mark class="tag tag-claim is-suggested" data-id="{broken.uuid}"') == 2
    assert page.count('tabindex="0" role="group"') == 1


def test_overlapping_tags_are_nested_the_longer_outside(article, as_ada) -> None:
    suggest(article, "claim", "Ana Ruiz opened the bridge")
    suggest(article, "entity", "Ana Ruiz")
    shape = re.findall(r'<mark class="tag tag-(\w+)', page_of(article, as_ada))
    assert shape == ["claim", "entity", "claim"]


def test_a_text_cannot_bring_markup_of_its_own(as_ada) -> None:
    article = make_article("Bad\n\nA <script>alert(1)</script> & </script> here.")
    mention = suggest(article, "entity", "<script>alert(1)</script>", label="</script><b>")
    page = page_of(article, as_ada)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert state_of(page)["annotations"][0]["label"] == mention.label


def test_the_page_has_no_script_or_style_of_its_own(article, as_ada) -> None:
    page = page_of(article, as_ada)
    scripts = re.findall(r"<script[^>]*>", page)
    assert len(scripts) == 2
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_the_script_starts_from_the_snapshots_and_the_last_change(article, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    state = state_of(page_of(article, as_ada))
    assert [one["id"] for one in state["annotations"]] == [str(mention.uuid)]
    assert (state["seq"], state["text"]) == (last_seq(), article.text)


def test_a_claim_is_listed_with_its_source(article, as_ada) -> None:
    claim = suggest(article, "claim", "The bridge is safe")
    source = suggest(article, "source", "the ministry", label="Ministry of Works")
    suggest_tie(claim, source)
    assert "Claim · said by Ministry of Works" in page_of(article, as_ada)


def test_each_suggestion_can_be_decided_without_a_script(article, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    page = page_of(article, as_ada)
    for action in ("accept", "reject"):
        assert f'name="do" value="{action}:{mention.uuid}:1"' in page


def test_related_headlines_stand_below_the_text(as_ada) -> None:
    article = make_article("Bridge\n\nIt opened.\n\nRelated:\n- Tolls rise again")
    page = page_of(article, as_ada)
    assert "Related headlines" in page
    assert "Tolls rise again" in page


def test_a_tag_that_lost_its_place_is_listed(article, ada, as_ada) -> None:
    mention = suggest(article, "entity", "Ana Ruiz")
    revise(article=article, text="All is different now.", actor=ada, seen_version=1)
    assert f'data-detached="{mention.uuid}"' in page_of(article, as_ada)


def test_an_editor_is_not_offered_to_publish(article, as_ada) -> None:
    page = page_of(article, as_ada)
    assert 'value="published"' not in page
    assert "A chief publishes it." in page


def test_a_chief_is_offered_to_publish(article, as_bo) -> None:
    assert '<button name="to" value="published"' in page_of(article, as_bo)


@pytest.mark.parametrize("tags", [5, 50])
def test_the_page_costs_the_same_however_much_is_tagged(
    tags, ada, as_ada, django_assert_num_queries
) -> None:
    words = [f"Name{number:02}" for number in range(tags)]
    article = make_article("People\n\n" + " ".join(f"{word} spoke." for word in words))
    for word in words:
        mention = suggest(article, "entity", word)
        claim = suggest(article, "claim", f"{word} spoke")
        source = suggest(article, "source", word)
        suggest_tie(claim, source)
        with recording(actor=ada, step=uuid4()):
            for one in (mention, claim, source):
                accept(annotation=one, editor=ada, seen_version=1)
    # Session, person, roles, article, seq, annotations, detached, ties, run, headlines, keys,
    # steps, what of these changed what.
    with django_assert_num_queries(13):
        as_ada.get(f"/desk/articles/{article.pk}/")
