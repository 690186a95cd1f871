from __future__ import annotations

from itertools import product

import pytest
from django.db import connection

from newsdesk.site.searching.names import SHARED, _alike

pytestmark = pytest.mark.django_db

SYLLABLES = ("ka", "mon", "hal", "cra", "sur", "vel")
BRUTE = """
SELECT text FROM annotations_shownname n WHERE %s * cardinality(newsdesk_trigrams(%s)) <= (
    SELECT count(*) FROM unnest(n.trigrams) AS one WHERE one = ANY(newsdesk_trigrams(%s)))
"""


@pytest.fixture
def names() -> None:
    """Some names of the same few syllables, so that their trigrams are common, as counted."""
    made = ["".join(parts).title() for parts in product(SYLLABLES, repeat=2)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO annotations_shownname (kind, thing, text, words, trigrams) "
            "SELECT 'entity', place, name, ''::tsvector, newsdesk_trigrams(name) "
            "FROM unnest(%s) WITH ORDINALITY AS made (name, place)",
            [made],
        )
        cursor.execute("ANALYZE annotations_shownname")


@pytest.mark.parametrize("word", ["Kamonhalcra", "Monhal", "surkq", "Velvet", "Halkamo", "xyzzy"])
def test_names_that_share_enough_with_a_word_are_found_however_common_that_is(names, word) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BRUTE, [SHARED, word, word])
        wanted = {text for (text,) in cursor.fetchall()}
    assert set(_alike(word)) == wanted


def test_a_word_without_letters_is_like_no_name(names) -> None:
    assert _alike("…") == []
