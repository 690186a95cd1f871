from __future__ import annotations

import random
import sys

import pytest

from annotations.nlp.tokens import quotations, sentences

# The sentences of a text with a space between two, or the white space that one begins with.
APART = {
    "a general in a state": ["He met Gen. Ruiz in the U.S. on Monday.", "Then he left."],
    "an initial, a decimal": ["J. Ruiz paid 3.5 million.", "Who?", "“Me!” she said."],
    "a quotation of two": ["“It is safe.", "It is new.”"],
    "no stop": ["No stop here"],
    "titles": ["Lt. Gen. Thale and Sen. Renn met Dr. Ávila.", "Mr. Istrin did not."],
    "saints": ["St. Petersburg has a St. Mary’s.", "It is old."],
    "a street": ["He lives in Bridge St.", "The house is old."],
    "a number": ["He lives at No. 5.", "See pp. 3 and vol. 2.", "No.", "I said no.", "We stay."],
    "dates": ["It was Jan. 6 or Sat. Sept. 23.", "We met in Dec.", "Then it snowed."],
    "companies": ["Halvard Inc. said so.", "So did Korsvik Ltd.", "The others did not."],
    "a company before a name": ["Halvard Inc. Chief Edda Halloran left."],
    "versus": ["It was Velmora vs. Ithria.", "Ithria won."],
    "initials": ["J. K. Rowling met George W. Bush and J.R.R. Tolkien.", "They read."],
    "a letter at the end": ["They chose plan B.", "The rest was easy."],
    "I at the end": ["It was my family and I.", "Ana left."],
    "Latin": ["Take fruit, e.g. Dranne apples, i.e. red ones, etc.", "Wash them."],
    "a state before a name": ["U.S. President Renn met the U.K. Parliament in D.C. on Monday."],
    "a state at the end": ["He came from the U.S.", "The rest left the U.K.", "But he stayed."],
    "a state at the end, quoted": ["“I love the U.S.”", "He left.", "“We left D.C.”", "“In May?”"],
    "the clock": ["It began at 5 p.m. Monday and ended at 6 a.m. EST.", "All slept."],
    "the clock at the end": ["It began at 5 p.m.", "Police came at 6 a.m.", "They left."],
    "the clock elsewhere": ["He died at 10:00 a.m. Tongan time on Friday."],
    "decimals and versions": ["Version 2.5.1 costs $3.50.", "It rose 0.5 per cent."],
    "dots that go on": ["He said ... that it was… well, safe.", "It was not."],
    "dots that end": ["It was safe…", "He left...", "She stayed . . .", "They slept."],
    "words left out": ["The governing of [...] Kalvia was hard.", "[…] It was long."],
    "words left out at the end": ["It was hard in the end [...]", "Kalvia won."],
    "a question before who asked": ['"Why?" he asked.', '"No!" Ana Ruiz replied.', "She left."],
    "a question before a sentence": ["“Why?”", "He left.", "“Is it?”", "The man was gone."],
    "closing marks": ["He left (at last.)", "“She left.”", "'They left.'", "«On part.»", "Yes."],
    "straight marks": ['"It is safe."', '"It is new."', "He left."],
    "a quotation begins": ["He left.", "“It is safe,” she said.", '"Is it?"', "(No.)", "[Yes.]"],
    "a mark apart at the end": ['He said "it is so. "', "\nThen he left."],
    "a list": ["What they want:", "\n- water", "\n- bread and salt", "\n1. Peace", "\n2. Quiet"],
    "a headline": ["Dam fails", "\nThe dam failed on Monday.", "\n\nIt was old"],
    "items": ["1. The dam is old.", "2.1. It leaks.", "IV. The end."],
    "addresses": ["See www.Example.Com or Node.js at news.Example.org/A.Then for more."],
    "an abbreviation without a space": ["Prof.Ávila and Gen.Thale left."],
    "Arabic, Urdu and Hindi": ["هل ذهب؟", "نعم ذهب.", "وہ گیا۔", "वह गया।", "वह आया॥"],
    "no capitals": ["we met gen. ruiz in the u.s. today.", "it was fun!", "was it?", "yes it was."],
    "one who forgets capitals": ["He was asked about the bridge.", "he said no."],
    "a name in small letters": ["They closed.", "iPhone sales rose.", "It fell.", "www.a.org is one."],
    "names with a mark": ["Yahoo! Mail and Yahoo! are old.", "They left Yahoo!", "We won."],
    "apostrophes": ["It isn’t.", "Ana's is at Jerry's.", "Ruiz left."],
    "references": ["It was built in 1990.[1][2]", "It fell. [3]", "The year was good."],
    "a year": ["She made Viva Maria! (1965) and Dranne. (1990) with him."],
    "a smile": ["I like it. :)", "He does not!! ;-)", "She might."],
    "many marks": ["What?!", "No!!!", "Well ? !", "Yes."],
    "signs alone": ["...", "\n***", "\nHe left."],
    "an abbreviation opens": ["P.S. I love you.", "M.D. Nalapat wrote it."],
    "a colon": ["He said: “It is safe.”", "It was: nobody died."],
    "other line breaks": ["It ends", "\fIt begins", "\u2028It goes on", "\r\n\r\nIt ends"],
}  # fmt: skip
# The same with nothing between.
JOINED = {
    "no space": ["This is the end.", "Next comes “he said.”", "“It is new.", "Was it?", "Yes.”"],
    "Chinese": ["他走了。", "你好！", "“真的吗？”", "是。"],
    "Japanese": ["「行く？」", "はい。", "行きます。"],
}


def words(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def with_spaces(parts: list[str]) -> str:
    return "".join(part if part[0].isspace() else f" {part}" for part in parts)


@pytest.mark.parametrize("case", APART)
def test_sentences_end_where_they_do(case: str) -> None:
    assert words(with_spaces(APART[case])) == [part.strip() for part in APART[case]]


@pytest.mark.parametrize("case", JOINED)
def test_sentences_end_where_no_space_follows(case: str) -> None:
    assert words("".join(JOINED[case])) == JOINED[case]


WRAPPED = """\
The dam on the upper Dranne, which was built in 1962, failed on Monday
after three days of rain, the Dranne Basin Authority said. Nobody was
hurt. Ithria asked for help from the whole valley, and from President
Teodor Renn, who was in Callis for a meeting of the six river states."""
HEADLINES = """\
Dam on the upper Dranne fails after three days of heavy rain
Dranne Basin Authority blames the rain and nobody else for it
Six river states will meet in Callis to talk about the water"""


def test_a_line_that_is_broken_to_keep_it_short_goes_on() -> None:
    assert [line.split()[0] for line in words(WRAPPED)] == ["The", "Nobody", "Ithria"]


def test_headlines_below_each_other_are_not_one_sentence() -> None:
    assert words(HEADLINES) == HEADLINES.split("\n")


SIGNS = [
    "a", "Ruiz", "the", "The", "U.S.", "Gen.", "e.g.", "p.m.", "No", "5", "1.5", ".", "...", "…", "?",
    "!", "。", "؟", "।", "“", "”", '"', "'", "’", "«", "»", "(", ")", "[", "]", "[...]", "[1]", ",", ":",
    "-", "—", " ", "  ", "\t", "\u00a0", "\u3000", "\n", "\n\n", "\r\n", "\r", "\u2028", "\x1c", "\x00",
    "e\u0301", "👩‍👩‍👧", "ß", "مرحبا", "\u200f", "字", "\ufeff", "said", "asked", ":)",
]  # fmt: skip


def random_texts(count: int) -> list[str]:
    """Texts of signs that matter to the splitter, and of any code points at all."""
    chance = random.Random(7)
    any_sign = [chr(chance.choice([chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)]))
                for _ in range(500)]  # fmt: skip
    return [
        "".join(chance.choices(SIGNS if n % 2 else SIGNS + any_sign, k=chance.randrange(60)))
        for n in range(count)
    ]


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_every_sign_of_a_text_is_in_one_sentence() -> None:
    for text in random_texts(2000):
        assert without_spaces("".join(words(text))) == without_spaces(text)


def test_sentences_are_in_order_trimmed_and_never_empty() -> None:
    for text in random_texts(2000):
        places = [place for span in sentences(text) for place in span]
        assert places == sorted(places)
        assert all(part and part == part.strip() for part in words(text))


def test_a_part_of_a_text_is_split_like_a_text() -> None:
    for text in random_texts(500):
        a, b = len(text) // 3, 2 * len(text) // 3
        spans = sentences(text, a, b)
        assert all(a <= span.start < span.end <= b for span in spans)
        joined = "".join(text[slice(*span)] for span in spans)
        assert without_spaces(joined) == without_spaces(text[a:b])


NONSENSE = [
    ".", ". ", "x. ", "U.S. ", ".x", "aa.Aa", " ", ".  ", "\n", "x\n", f"{'x' * 50}\n", '."', '.” ', ". [1]",
    "x? Ana ", "x.\u2028", ". :)", '"', "“", "“x", '"\n', f"{' ' * 99}\n", "x. (", "[...] ", "。",
]  # fmt: skip


def calls_for(text: str) -> int:
    """How many calls, into Python and into C, splitting a text takes."""
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        sentences(text), quotations(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("part", [*NONSENSE, WRAPPED, "Gen. Ruiz left. “Why?” she asked. "])
def test_the_work_goes_with_the_length(part: str) -> None:
    text = part * (5000 // len(part) + 1)
    assert calls_for(text * 4) < 5 * calls_for(text) + 100


@pytest.mark.parametrize("part", NONSENSE)
def test_a_long_text_of_nonsense_is_split_to_its_end(part: str) -> None:
    text = f"{part * (200_000 // len(part))} End"
    assert words(text)[-1].endswith("End")
    assert quotations(f"{text} “so”")[-1:] != []


QUOTATIONS = {
    "He said “yes, «sure»” and left.": ["“yes, «sure»”"],
    'A "straight" one and one "open': ['"straight"'],
    "„Ja,“ «oui»": ["„Ja,“", "«oui»"],
    "“never closed": [],
    '"not over\na line" but "here"': ['" but "'],
    f"“{'long ' * 900}” but “short”": ["“short”"],
}


@pytest.mark.parametrize("text", QUOTATIONS)
def test_quotations_are_found_with_their_marks(text: str) -> None:
    assert [text[a:b] for a, b in quotations(text)] == QUOTATIONS[text]
