from __future__ import annotations

import hashlib
import json

import pytest
from django.conf import settings

from annotations.formats.w3c import annotation_to_jsonld
from annotations.importing import add_page
from annotations.models import Annotation, Attribution, Claim
from articles.ingest.text import read_text
from articles.revising import create_article
from articles.tests.factories import editor

SEEDS = settings.BASE_DIR / "seeds"
STORIES = sorted(path.stem for path in SEEDS.glob("*.txt"))


def page(stem: str) -> dict:
    return json.loads((SEEDS / "gold" / f"{stem}.jsonld").read_text(encoding="utf-8"))


def text(stem: str) -> str:
    return read_text((SEEDS / f"{stem}.txt").read_bytes()).text


def test_there_are_twelve_stories() -> None:
    assert len(STORIES) == 12


@pytest.mark.parametrize("stem", STORIES)
def test_gold_belongs_to_the_text_that_ingest_makes(stem: str) -> None:
    about = page(stem)["partOf"]
    assert about["textLength"] == len(text(stem))
    assert about["textSha256"] == hashlib.sha256(text(stem).encode()).hexdigest()


@pytest.mark.parametrize("stem", STORIES)
def test_each_quote_stands_at_its_position(stem: str) -> None:
    words = text(stem)
    for item in page(stem)["items"]:
        cues = [cue for tie in item.get("attributions", []) for cue in tie["cue"]]
        for position, quote in [target["selector"] for target in item["target"]] + cues:
            assert words[position["start"] : position["end"]] == quote["exact"]


@pytest.mark.parametrize("stem", STORIES)
def test_each_mention_keeps_to_the_name(stem: str) -> None:
    for item in page(stem)["items"]:
        if item["kind"] == "entity":
            quote = item["target"][0]["selector"][1]["exact"]
            assert not quote.startswith(("the ", "The ", "President ", "Minister "))
            assert not quote.endswith(("’s", "'s", ".", ","))


@pytest.mark.django_db
@pytest.mark.parametrize("stem", STORIES)
def test_gold_goes_in_and_comes_out_the_same(stem: str) -> None:
    article = create_article(draft=read_text((SEEDS / f"{stem}.txt").read_bytes())).article
    made = add_page(article=article, page=page(stem), editor=editor())
    ties = Attribution.objects.with_ends()
    for item, annotation in zip(page(stem)["items"], made, strict=True):
        mine = [tie for tie in ties if tie.claim_id == annotation.pk]
        out = annotation_to_jsonld(annotation, base="", attributions=mine)
        assert [t["selector"] for t in out["target"]] == [t["selector"] for t in item["target"]]
        assert (out["kind"], out["status"], out["id"]) == (item["kind"], "accepted", item["id"])
        for ours, theirs in zip(
            out.get("attributions", []), item.get("attributions", []), strict=True
        ):
            for key in ("attributedTo", "cue", "manner", "mode"):
                assert ours.get(key) == theirs[key]


@pytest.mark.django_db
def test_the_same_claim_in_two_stories_is_one() -> None:
    ada = editor()
    for stem in STORIES[1:3]:
        article = create_article(draft=read_text((SEEDS / f"{stem}.txt").read_bytes())).article
        add_page(article=article, page=page(stem), editor=ada)
    denied = Claim.objects.get(text="Halvard Power had known of the seepage since spring.")
    assert Annotation.objects.filter(claim=denied).count() == 2
