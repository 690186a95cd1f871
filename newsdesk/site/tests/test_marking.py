from __future__ import annotations

import random
import re
from html import unescape

from newsdesk.site.marking import Mark, MarkedText


def mark(
    text: str, words: str, kind: str = "entity", key: str = "", number: int = 0, href: str = "/x/"
) -> Mark:
    start = text.index(words)
    return Mark(kind, key or f"name-{start}", href, kind, number, [[start, start + len(words)]])


def html(text: str, *marks: Mark, zones=()) -> str:
    return MarkedText(text, marks, zones).html()


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def links(markup: str) -> list[tuple[str, str]]:
    """Address and words of each link but the claims' numbers."""
    return re.findall(r'<a class="tag[^>]*href="([^"]*)"[^>]*>([^<]*)</a>', markup)


def test_a_marks_words_are_a_link() -> None:
    assert links(html("Ana Ruiz spoke.", mark("Ana Ruiz spoke.", "Ana Ruiz"))) == [
        ("/x/", "Ana Ruiz")
    ]


def test_a_name_in_a_claim_leads_to_the_name_and_the_other_words_to_the_claim() -> None:
    text = "The dam is safe."
    claim = mark(text, "The dam is safe", "claim", "claim-1", 1, "/claims/1/")
    markup = html(text, claim, mark(text, "dam", href="/dam/"))
    assert links(markup) == [("/claims/1/", "The "), ("/dam/", "dam"), ("/claims/1/", " is safe")]


def test_marks_that_overlap_both_show_and_the_shorter_leads() -> None:
    text = "one two three"
    markup = html(
        text, mark(text, "one two", "claim", "claim-1", 1, "/c/"), mark(text, "two three", href="/e/", key="name-2"),
    )  # fmt: skip
    assert 'class="tag tag-claim tag-entity" data-of="claim-1 name-2"' in markup
    assert [words for _, words in links(markup)] == ["one ", "two", " three"]


def test_on_the_same_words_the_name_leads_and_the_source_is_told_too() -> None:
    text = "Ruiz said."
    source = mark(text, "Ruiz", "source", "source-9", href="/s/")
    markup = html(text, source, mark(text, "Ruiz", key="name-4", href="/e/"))
    assert links(markup) == [("/e/", "Ruiz")]
    assert 'data-of="name-4 source-9"' in markup


def test_a_mark_in_pieces_is_one_stop_of_the_tab_key() -> None:
    text = "The dam is safe."
    claim = mark(text, "The dam is safe", "claim", "claim-1", 1, "/c/")
    markup = html(text, claim, mark(text, "dam"))
    assert markup.count('href="/c/"') == 2
    assert markup.count('tabindex="-1"') == 1


def test_what_stands_between_two_names_is_marked_but_no_link() -> None:
    text = "the Velmoran Ministry, 🌉"
    source = mark(text, text, "source", "source-1", href="/s/")
    names = [mark(text, words, href="/e/") for words in ("Velmoran", "Ministry")]
    markup = html(text, source, *names)
    assert [words for _, words in links(markup)] == ["the ", "Velmoran", "Ministry", ", 🌉"]
    assert '<span class="tag tag-source" data-of="source-1" title="source"> </span>' in markup


def test_a_name_that_nobody_has_placed_leads_to_the_claim_around_it() -> None:
    text = "The dam is safe."
    claim = mark(text, "The dam is safe", "claim", "claim-1", 1, "/c/")
    nobody = mark(text, "dam", href="")
    assert ("/c/", "dam") in links(html(text, claim, nobody))
    assert "<span" in html(text, nobody)


def test_two_claims_that_end_together_both_have_their_number() -> None:
    text = "The dam is safe."
    markup = html(
        text,
        mark(text, "The dam is safe", "claim", "claim-1", 1),
        mark(text, "is safe", "claim", "claim-2", 2),
    )
    assert re.findall(r'class="who" href="#(claim-\d)"', markup) == ["claim-1", "claim-2"]


def test_the_number_stands_where_a_broken_claim_ends() -> None:
    text = "“It is safe,” she said, “and sound.”"
    claim = Mark("claim", "claim-1", "/c/", "", 1, [[0, 13], [24, 36]])
    assert html(text, claim).endswith('data-number="1"></a></p>')


def test_a_claim_across_paragraphs_has_one_number() -> None:
    text = "It is safe.\n\nIt is sound."
    claim = Mark("claim", "claim-1", "/c/", "", 1, [[0, len(text)]])
    assert html(text, claim).count('class="who"') == 1


def test_what_the_text_says_is_escaped() -> None:
    text = "<b>Ana</b> & co"
    markup = html(text, mark(text, "<b>Ana</b>", href='/"x"/'))
    assert "<b>" not in markup
    assert 'href="/&quot;x&quot;/"' in markup
    assert plain(markup) == text


def test_captions_and_boilerplate_are_set_apart() -> None:
    text = "Body.\n\nA picture."
    assert '<p class="is-caption">A picture.</p>' in html(text, zones=[("caption", 7, 17)])


def test_a_text_of_lines_says_so() -> None:
    assert MarkedText("One.\nTwo.", []).by_lines
    assert not MarkedText("One.\n\nTwo.", []).by_lines
    assert not MarkedText("One.", []).by_lines


def test_no_link_stands_in_a_link_and_the_text_stays_however_marks_overlap() -> None:
    chance = random.Random(6)
    for _ in range(100):
        text = "".join(chance.choice("ab é😀<&\n") for _ in range(60)).strip() or "a"
        marks = []
        for number in range(8):
            start = chance.randrange(len(text))
            end = chance.randrange(start, len(text)) + 1
            kind = chance.choice(["entity", "claim", "source"])
            marks.append(
                Mark(kind, f"k-{number}", chance.choice(["", "/x/"]), "", number, [[start, end]])
            )
        markup = html(text, *marks)
        depth = 0
        for closing in re.findall(r"<(/?)(?:a|span)\b", markup):
            depth += -1 if closing else 1
            assert depth in (0, 1)
        assert "".join(plain(markup).split()) == "".join(text.split())
