from __future__ import annotations

from newsdesk.site.related import SHARING_MOST, telling

# Of claims and names, in how many stories each is: which of them are looked up.
CASES = [
    ({}, {}, ([], [], 0)),
    # A claim that no other story makes leads nowhere.
    ({1: 1}, {}, ([], [], 0)),
    ({1: 5, 2: 1}, {7: 100, 9: 2}, ([1], [9, 7], 107)),
    # What would bring in too many is left out; what is rarer is not.
    ({1: 3}, {7: SHARING_MOST, 8: 4}, ([1], [8], 7)),
    ({1: 200, 2: 30}, {7: 9, 8: 12}, ([2, 1], [7], 239)),
    # Alone it is looked up all the same.
    ({}, {7: 90_000, 8: 90_001}, ([], [7], 90_000)),
]


def test_others_are_found_by_the_rarest_of_what_a_story_has() -> None:
    for claims, names, expected in CASES:
        assert telling(claims, names) == expected, (claims, names)


def test_of_very_many_names_the_rarest_few_are_looked_up() -> None:
    _, names, stories = telling({}, {number: 1 + number for number in range(20)})
    assert names == list(range(8))
    assert stories == 36
