from __future__ import annotations

import random

import pytest

from annotations.anchoring import Carrier, unchanged

OLD = (
    "The mayor, Ana Ruiz, opened the bridge on Monday.\n"
    "Ruiz said that the bridge was safe.\n"
    "The opposition called for a new report on the bridge."
)


def carried(new: str, words: str, occurrence: int = 1) -> str | None:
    place = -1
    for _ in range(occurrence):
        place = OLD.index(words, place + 1)
    spans = Carrier(OLD, new).carry([[place, place + len(words)]])
    if spans is None:
        return None
    start, end = spans[0]
    return f"{new[max(0, start - 8) : start]}[{new[start:end]}]"


def test_a_span_before_the_edit_stays_where_it_is() -> None:
    assert carried(OLD + " More.", "Ana Ruiz") == " mayor, [Ana Ruiz]"


def test_a_span_after_the_edit_moves_with_its_words() -> None:
    assert carried("Update. " + OLD, "safe") == "dge was [safe]"


def test_a_span_whose_words_were_changed_is_not_carried() -> None:
    assert carried(OLD.replace("Ana Ruiz", "Anna Ruiz"), "Ana Ruiz") is None


def test_a_span_whose_sentence_was_cut_is_not_put_on_the_same_words_elsewhere() -> None:
    new = OLD.replace("Ruiz said that the bridge was safe.\n", "")
    assert carried(new, "Ruiz", occurrence=2) is None


def test_a_span_of_a_moved_paragraph_is_found_by_quotation() -> None:
    first, second, third = OLD.split("\n")
    new = "\n".join([third, first, "Quite another sentence stands here now.", second])
    assert carried(new, "safe") == "dge was [safe]"


def test_words_that_stand_twice_after_the_move_are_not_guessed() -> None:
    twice = OLD.split("\n")[1]
    new = f"{twice}\nAll of it is new around here, every word.\n{twice}\nThe end."
    assert carried(new, "Ruiz said that") is None


def test_a_broken_span_is_carried_whole_or_not_at_all() -> None:
    spans = [
        [OLD.index("opened"), OLD.index("opened") + 6],
        [OLD.index("safe"), OLD.index("safe") + 4],
    ]
    kept = Carrier(OLD, "So: " + OLD).carry(spans)
    lost = Carrier(OLD, OLD.replace("safe", "sound")).carry(spans)
    assert kept == [[start + 4, end + 4] for start, end in spans]
    assert lost is None


def test_unchanged_stretches_are_really_the_same_in_both_texts() -> None:
    dice = random.Random(7)
    for _ in range(300):
        old = "".join(dice.choice("ab \né👩") for _ in range(dice.randint(1, 60)))
        new = "".join(c for c in old if dice.random() > 0.2) + dice.choice(["", "xyz"])
        last_a = last_b = 0
        for a, b, size in unchanged(old, new):
            assert old[a : a + size] == new[b : b + size]
            assert (a, b) >= (last_a, last_b)
            last_a, last_b = a + size, b + size


@pytest.mark.parametrize("edit", [0.001, 0.5])
def test_a_text_of_a_megabyte_is_compared_too(edit: float) -> None:
    dice = random.Random(1)
    lines = [" ".join(f"word{dice.randint(1, 999)}" for _ in range(15)) for _ in range(9000)]
    edited = [line + " edited" if dice.random() < edit else line for line in lines]
    blocks = list(unchanged("\n".join(lines), "\n".join(edited)))
    assert sum(block.size for block in blocks) > 900_000
