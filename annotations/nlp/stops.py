"""Which stops and line breaks of a text end a sentence: English rules, and other scripts' stops.

Each rule looks at a bounded number of characters, so the time goes with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE = r"\n\r\v\f\x85\u2028\u2029"
_SPACE = rf"[^\S{_LINE}]"
# What belongs to the sentence that a stop ends: closing marks, references, a smiley.
_TAIL = rf"""(?:
    ["'”’»›)\]}}」』】）] | “(?!\w) | {_SPACE}[”’»›“)\]}}](?!\w)
    | {_SPACE}?\[(?:\d{{1,3}}|[a-z]|citation\ needed)\]
    | {_SPACE}["'](?={_SPACE}{{0,3}}(?:[{_LINE}]|\Z))
    | {_SPACE}{{1,2}}[:;=]['’-]?[)(\]DPOpo/|]++(?=\s|\Z)
)*+"""
_PLACE = re.compile(
    rf"""(?P<stop>[.!?…]++(?:{_SPACE}{{1,2}}[.!?…]++(?!\w))*+|[。｡！？؟۔।॥։።]++)(?P<tail>{_TAIL})
    | (?:\r\n|[{_LINE}])(?P<blank>\s*[{_LINE}])?\s*+""",
    re.VERBOSE,
)
_LINES = re.compile(rf"[{_LINE}]")
_LETTER = re.compile(r"[^\W_]")
_LAST_WORD = re.compile(r"[\w.'’]{1,20}+\Z")
_NEXT = re.compile(
    r"\s*+(?P<marks>[\"'“”‘’«»„(\[{¿¡*_]{0,4}+)\s*+(?P<word>[^\W_]{0,24}+)(?P<sign>\S?)"
)
_OTHER_SCRIPTS = frozenset("。｡！？؟۔।॥։።")
_QUOTES = frozenset("\"'”’»›")
_CLOSING = _QUOTES | {")", "]"}
_SIGNS_WITHIN = frozenset(",;:)]}%&/=")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_]{1,2})+|[^\W\d_]")
_ITEM = re.compile(r"\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,5}|PS")
_ADDRESS = re.compile(r"https?://|www\.")
_IN_ADDRESS = re.compile(r"[@/\\=_]|www\.|\w\.\w+\.\w", re.IGNORECASE)
_SAYS = (
    r"(?:said|says|asked|asks|wrote|writes|added|replied|wondered|tweeted|told|demanded|exclaimed|"
    r"shouted|cried|joked)\b"
)
_NAME_SAYS = re.compile(rf"\s+(?:[A-Z][\w.'’-]{{0,30}}\s+){{1,4}}{_SAYS}")
_WORDS_SAY = re.compile(rf"\s+(?:\w{{1,20}}\s+){{0,3}}{_SAYS}")
_ZONE = re.compile(r"(?:[A-Z]{1,3}T|(?:[A-Z]\w{0,20} ){1,3}[Tt]ime)\b")
_BRACKET = re.compile(r"(?P<word>\w{0,10}+)\s?[\[(]\Z")
_BRAND = re.compile(r"[a-z]{1,4}[A-Z]")
# A line that was broken to fit a width has about as many characters.
NARROWEST, WIDEST = 40, 110


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that begin many sentences and hardly a name.
OPENERS = _words(
    "The He She It They We I You This That These Those There Here A An In On At But And So If "
    "When While As After Before Since For From By With Without However Although Though Because "
    "Meanwhile Also Its His Her Their Our My Your What Who Where Why How Which Yes No Not Many "
    "Most Some All Both Each Every Several One Another Then Now Today Yesterday Such Under During "
    "Until Once Despite According Among Between Only Even Still Yet Or Nor Please Do Does Did Is "
    "Are Was Were Would Can Could Should Has Have Had To Of Instead Later Earlier Last Nobody "
    "Nothing Moreover Furthermore Therefore Thus Perhaps Maybe Unlike Asked Let Overall Finally "
    "Nevertheless"
)
# These stand before a name.
TITLES = _words(
    "mr mrs ms mx dr drs prof profs gen gens col cols lt cmdr cdr sgt capt cpt cpl pvt maj brig "
    "adm sen sens rep reps gov govs pres hon rev msgr fr supt insp det amb atty messrs mme mlle"
)
# These go on whatever follows.
NEVER_LAST = _words("vs e.g i.e eg ie cf viz approx a.k.a aka esp incl")
MONTHS = _words("jan feb mar apr may jun jul aug sep sept oct nov dec")
DAYS = _words("mon tue tues wed thu thur thurs fri sat sun")
# These go on before a number. "No." is also a word.
NUMBERED = (MONTHS | DAYS) | _words(
    "nos vol vols p pp fig figs sec secs art arts ch chap par para ext ph tel fax op ca"
)
CLOCK = _words("a.m p.m")
AFTER_CLOCK = (DAYS | MONTHS) | _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december eastern central mountain pacific utc"
)
# These may end a sentence, and do before an opener; as single letters and "U.S." do.
OPEN = _words(
    "inc ltd co cos corp llc llp plc pte pty gmbh bros jr sr st ste ave blvd rd hwy mt ft dept "
    "depts est assn assoc univ govt intl natl attn vol vols nos al ala ariz calif colo conn fla ga "
    "kan ky md mich minn mo mont neb nebr nev okla pa penn tenn tex va vt wis wisc wyo ont que"
)
# So do these, where they have a capital.
OPEN_CAPITALS = _words("Ark Del Ill Ind La Mass Miss Ore Wash")
ABBREVIATIONS = TITLES | NEVER_LAST | NUMBERED | CLOCK | OPEN | {"etc"}
# These have the mark in their names.
MARKED = _words("Yahoo Jeopardy")


def ends(text: str, start: int, end: int) -> Iterator[int]:
    """The places in text[start:end] where a sentence is over, in order. White space may stand on
    both sides of them; between two there may be nothing else."""
    first: int | None = None
    seen = start
    for match in _PLACE.finditer(text, start, end):
        if first is None:
            letter = _LETTER.search(text, seen, match.start())
            first = letter.start() if letter else None
        seen = match.end()
        if match["stop"] is None:
            over = first is None or match["blank"] is not None or not is_wrapped(text, match, end)
        else:
            # Signs alone are no sentence: they begin the next one.
            over = first is not None and _Stop(text, first, match, end).ends()
        if over:
            yield match.end()
            first = None


class _Stop:
    """A stop with what stands around it; its sentence's first letter or digit is at `first`."""

    def __init__(self, text: str, first: int, match: re.Match[str], end: int) -> None:
        self.text, self.first, self.end = text, first, end
        self.at, self.after = match.span()
        self.stop, self.tail = str(match["stop"]), str(match["tail"])
        before = _LAST_WORD.search(text, max(first, self.at - 20), self.at)
        self.word = before.group().lstrip(".'’") if before else ""
        self.lower = self.word.lower()
        following = _NEXT.match(text, self.after, end)
        assert following
        self.marks, self.next, self.sign = following.group("marks", "word", "sign")
        self.at_next = following.start("word")

    def ends(self) -> bool:
        if self.stop[0] in _OTHER_SCRIPTS or self.after == self.end:
            return True
        if not self.text[self.after].isspace():
            return self._lacks_space()
        if self._before_no_beginning():
            return False
        if self._before_small_letter():
            return self._ends_before_small_letter()
        return self._full_stop_ends() if self.stop == "." else not self._goes_on()

    def _lacks_space(self) -> bool:
        """ "end.Next": small letters before the stop, a capital after, and no address."""
        before = self.text[max(self.first, self.at - 2) : self.at]
        near = self.at_next - self.after <= (self.text[self.after] in "“«„(")
        capital = self.next[:1].isupper() and (
            self.next[1:].islower() or len(self.next) == 1 or self.word.islower()
        )
        if not (len(self.stop) == 1 and before.isalpha() and before.islower() and near and capital):
            return False
        if self._is_abbreviation() or self.next in ("Com", "Org", "Net"):
            return False
        return not self._is_in_address()

    def _is_in_address(self) -> bool:
        before = self.text[max(self.first, self.at - 40) : self.at].split()
        after = self.text[self.after : min(self.end, self.after + 40)].split()
        return _IN_ADDRESS.search(f"{before[-1]}{self.stop}{after[0]}") is not None

    def _before_no_beginning(self) -> bool:
        """A sign that begins no sentence, or a number in brackets: the year of a work."""
        return (not self.next and self.sign in _SIGNS_WITHIN) or (
            "(" in self.marks and self.next.isdigit()
        )

    def _before_opener(self) -> bool:
        return self.next in OPENERS and self.sign in ("", ",", "'", "’")

    def _before_small_letter(self) -> bool:
        is_name = _BRAND.match(self.next) or _ADDRESS.match(self.text, self.at_next, self.end)
        return self.next[:1].islower() and not is_name

    def _ends_before_small_letter(self) -> bool:
        """Only where the writer has no capitals, or the word before is surely no abbreviation."""
        if len(self.stop) > 1 or self.stop == "…" or self.tail[:1] in _CLOSING:
            return False
        has_no_capitals = self.text[self.first].islower()
        if self.stop == "!":
            return has_no_capitals
        if self.stop == "?":
            return not _WORDS_SAY.match(self.text, self.after, self.end)
        if self._is_abbreviation() or self.sign == ".":
            return False
        return has_no_capitals or (self.word.islower() and len(self.word) > 3)

    def _is_abbreviation(self) -> bool:
        return (
            self.lower in ABBREVIATIONS
            or self.word in OPEN_CAPITALS
            or (self.word != "I" and _ACRONYM.fullmatch(self.word) is not None)
        )

    def _full_stop_ends(self) -> bool:
        if self.at - len(self.word) <= self.first and _ITEM.fullmatch(self.word):
            return False
        if self.next[:1].isdigit() and (self.lower in NUMBERED or self.lower == "no"):
            return False
        if not self._is_abbreviation():
            return True
        return self.at - len(self.word) > self.first and self._abbreviation_ends()

    def _abbreviation_ends(self) -> bool:
        if self.lower in NEVER_LAST or (self.lower in TITLES and not self.word.islower()):
            return False
        if self.lower in CLOCK or self.lower == "etc":
            is_zone = _ZONE.match(self.text, self.at_next, self.end)
            return self.next[:1].isupper() and not (is_zone or self.next.lower() in AFTER_CLOCK)
        if self.lower in NUMBERED and self.lower not in OPEN and len(self.word) > 1:
            return self.next.lower() not in MONTHS
        return self._before_opener()

    def _goes_on(self) -> bool:
        """Whether "?", "!" or dots stand in a name, in brackets or before who said the words."""
        if self.stop == "!" and self.word in MARKED:
            return not self._before_opener()
        if self.tail[:1] in (")", "]") and self.text[self.at - 1] in "([":
            return self._bracket_goes_on()
        if self.tail[:1] not in _QUOTES or self.stop[-1] not in "?!" or self.next in OPENERS:
            return False
        return _NAME_SAYS.match(self.text, self.after, self.end) is not None

    def _bracket_goes_on(self) -> bool:
        """ "the (?) Bank"; "of [...] Kalvia", but "in the end [...] Kalvia left"."""
        if self.stop[-1] in "?!":
            return not self._before_opener()
        bracket = _BRACKET.search(self.text, max(self.first, self.at - 20), self.at)
        return bracket is not None and bracket["word"].capitalize() in OPENERS


def is_wrapped(text: str, line_break: re.Match[str], end: int) -> bool:
    """Whether a line break only keeps lines short: the next line begins with a small letter, or
    with a word that had no room, in a paragraph where another line begins with one."""
    at, after = line_break.span()
    if after >= end or at < NARROWEST or _LINES.search(text, at - NARROWEST, at):
        return False
    before = _LINES.split(text[max(0, at - 3 * WIDEST) : at])[-3:]
    following = _LINES.split(text[after : min(end, after + 3 * WIDEST)])[:3]
    if following[0][0].islower():
        return not before[-1].rstrip().endswith(":")
    lines = [line.strip() for line in (*before, *following)]
    widest = max(map(len, lines))
    room = widest - len(before[-1].strip())
    goes_on = any(line[:1].islower() for line in lines[1:])
    return goes_on and widest <= WIDEST and len(following[0].split()[0]) >= room
