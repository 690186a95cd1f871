"""A story in plain text: title, byline, paragraphs and a list of related headlines, read apart.

A story file has, in this order:

1. a title: a `Title: ...` line, or a short first line that is no sentence;
2. under a `Title:` line, header lines in any order: `Byline:` (or `By Jane Doe`), `Date:`,
   `Outlet:` (or `Source:`), `URL:`. A line `By Jane Doe` under any title is read too;
3. the paragraphs;
4. a list of related headlines, opened by a line such as `Related:` and going to the end.

Only the paragraphs are the text; all else is kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from articles.ingest.draft import Draft, RelatedHeadline, UnreadableText
from articles.ingest.languages import guess_language
from articles.ingest.related import ADDRESS, CLOSERS, ITEM_MARK, MAX_URL, cut_related
from articles.ingest.zones import find_zones, opens_a_list

# Code points, of text, title and everything else together.
MAX_TEXT = 2_000_000
MAX_TITLE = 300
MAX_BYLINE = 300
MAX_OUTLET = 200
MAX_LANGUAGE = 20
LONGEST_TITLE_LINE = 120
MADE_UP_TITLE = 90
# As much of a text as a title is looked for in.
LEAD = 2000

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
SURROGATE = re.compile("[\ud800-\udfff]")
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

SENTENCE_END = (".", "?", "!", "…", "。", "？", "！", "؟", "۔", "।")
UNFINISHED = (",", ";", ":", "-", "–", "—", "،", "、")
# The end of a sentence: not after an initial or a title such as "Mr.".
FIRST_SENTENCE = re.compile(
    r".+?(?:(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bProf)(?<!\bGen)(?<!\bSen)(?<!\bGov)"
    r"(?<!\bSt)(?<!\bJr)(?<!\bCol)(?<!\bNo)(?<!\b[^\W\d_])[.!?…؟۔।][\"'”’»)\]]*(?=\s|$)|[。？！])"
)

HEADER_KEYS = {
    "byline": "byline",
    "by": "byline",
    "author": "byline",
    "date": "dated",
    "outlet": "outlet",
    "source": "outlet",
    "url": "url",
}
HEADER = re.compile(rf"\s*({'|'.join(HEADER_KEYS)})\s*:\s*(\S.*)", re.IGNORECASE)
TITLE_LINE = re.compile(r"\s*title\s*:\s*(?P<value>\S.*)", re.IGNORECASE)
BYLINE = re.compile(r"\s*by:?\s+(?P<name>\S.{1,118})", re.IGNORECASE)
_JOINERS = (
    "and for in of the with at von van de der den da dos di du la le el al bin ibn y e und et"
)
NAME_JOINERS = frozenset(_JOINERS.split())
DATE_FORMATS = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d.%m.%Y", "%Y/%m/%d")


@dataclass
class _Beside:
    """What stands beside the text, as found so far."""

    title: str = ""
    byline: str = ""
    outlet: str = ""
    url: str = ""
    dated: datetime | None = None
    related: list[RelatedHeadline] = field(default_factory=list)


def read_text(raw: str | bytes, *, title: str = "", language: str = "") -> Draft:
    """The story in `raw`: bytes are UTF-8, or UTF-16 with a byte order mark.

    A given title or language wins over what is found. Raises UnreadableText for what is no text,
    empty, longer than MAX_TEXT code points, or has a header line that cannot be read.
    """
    lines = clean_text(raw).strip().split("\n")
    beside = _Beside()
    lines, beside.related = cut_related(lines)
    given = _given_title(title)
    lines = _cut_head(lines or [""], beside, given)
    text = "\n".join(lines).strip()
    _refuse_empty(text, beside)
    found = given or beside.title
    return Draft(
        title=found or make_up_title(text),
        title_is_made_up=not found,
        text=text,
        language=_given_language(language) or guess_language(text),
        outlet=beside.outlet,
        byline=beside.byline,
        url=beside.url,
        dated=beside.dated,
        related=tuple(beside.related),
        zones=find_zones(text),
    )


def clean_text(raw: str | bytes) -> str:
    """The text in NFC with unified newlines. Raises UnreadableText as `read_text` does."""
    text = _decode(raw) if isinstance(raw, bytes) else raw
    _refuse_long(len(text))
    _refuse_characters(text)
    return unicodedata.normalize("NFC", NEWLINES.sub("\n", text.removeprefix("\ufeff")))


def _decode(raw: bytes) -> str:
    if len(raw) > MAX_TEXT * 4 + 4:
        _refuse_long(len(raw) // 4)
    wide = raw.startswith(UTF16_MARKS)
    try:
        return raw.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in raw and not wide:
            raise UnreadableText(
                "This is a binary file, not text. Save the story as plain text (UTF-8) first."
            ) from error
        raise UnreadableText(
            f"This is not {'UTF-16' if wide else 'UTF-8'} text: byte 0x{raw[error.start]:02X} at "
            f"offset {error.start:,} is not valid. Save the file as UTF-8 and try again."
        ) from error


def _refuse_long(length: int) -> None:
    if length > MAX_TEXT:
        raise UnreadableText(
            f"The text is too long: {length:,} characters; at most {MAX_TEXT:,} can be stored."
        )


def _refuse_characters(text: str, name: str = "text") -> None:
    if found := UNPRINTABLE.search(text):
        raise UnreadableText(
            f"The {name} has a control character (U+{ord(found[0]):04X}) at character "
            f"{found.start() + 1:,}: this looks like a binary file or a broken copy. "
            "Save the story as plain text (UTF-8) and try again.",
            name,
        )
    if found := SURROGATE.search(text):
        raise UnreadableText(
            f"The {name} has half of a character (U+{ord(found[0]):04X}, a lone surrogate) at "
            f"character {found.start() + 1:,}. Copy it again from where it came from.",
            name,
        )


def _refuse_empty(text: str, beside: _Beside) -> None:
    # Format characters alone, such as a zero-width space, leave nothing to see.
    if any(unicodedata.category(character)[0] not in "ZC" for character in text):
        return
    if beside.title or beside.related:
        only = "a title" if beside.title else "a list of related headlines"
        raise UnreadableText(f"There is only {only} here, no story. Add the story's paragraphs.")
    raise UnreadableText("The text is empty. Paste or choose a story.")


def _given_title(title: str) -> str:
    _refuse_characters(title, "title")
    return _fitting(unicodedata.normalize("NFC", title), "title", MAX_TITLE)


def _given_language(language: str) -> str:
    if language and (not LANGUAGE_TAG.fullmatch(language) or len(language) > MAX_LANGUAGE):
        raise UnreadableText("Give a language tag such as en or pt-BR.", "language")
    return language


def _fitting(value: str, name: str, limit: int) -> str:
    value = " ".join(value.split())
    if len(value) > limit:
        raise UnreadableText(
            f"The {name} has {len(value):,} characters; at most {limit} fit. Shorten it.", name
        )
    return value


def _cut_head(lines: list[str], beside: _Beside, given: str) -> list[str]:
    """The lines below title, byline and header, whose values go to `beside`."""
    if named := TITLE_LINE.fullmatch(lines[0]):
        beside.title = _fitting(named["value"], "title", MAX_TITLE)
        return _cut_byline(_cut_header(lines[1:], beside), beside)
    first, below = " ".join(lines[0].split()), lines[1:]
    if given:
        beside.title = given
        return _cut_byline(below if first.casefold() == given.casefold() else lines, beside)
    # One short line above a related list is a title whose story is missing, not a story.
    followed = bool(beside.related) or any(line.strip() for line in below)
    if followed and is_title_line(first, next_line=below[0] if below else ""):
        beside.title = first
        return _cut_byline(below, beside)
    return _cut_byline(lines, beside)


def is_title_line(line: str, *, next_line: str) -> bool:
    """Whether a first line is a title: short, no sentence, and not broken off in one.

    A next line that goes on in lower case says that the two are one wrapped sentence.
    """
    bare = line.rstrip(CLOSERS)
    if not bare or len(line) > LONGEST_TITLE_LINE or bare.endswith(SENTENCE_END + UNFINISHED):
        return False
    if ITEM_MARK.match(line) or opens_a_list(line) is not None or _byline(line):
        return False
    return not next_line[:1].islower() and [zone.kind for zone in find_zones(line)] == ["body"]


def _cut_header(lines: list[str], beside: _Beside) -> list[str]:
    for count, line in enumerate(lines):
        header = HEADER.fullmatch(line)
        if header:
            _take(beside, HEADER_KEYS[header[1].lower()], header[2])
        elif name := _byline(line):
            _take(beside, "byline", name)
        else:
            return lines[count:]
    return []


def _take(beside: _Beside, key: str, value: str) -> None:
    if key == "byline":
        beside.byline = _fitting(value, "byline", MAX_BYLINE)
    elif key == "outlet":
        beside.outlet = _fitting(value, "outlet", MAX_OUTLET)
    elif key == "dated":
        beside.dated = read_date(value)
    else:
        beside.url = _address(value)


def _address(value: str) -> str:
    value = _fitting(value, "url", MAX_URL)
    if not re.fullmatch(ADDRESS, value):
        raise UnreadableText("The URL line must hold one address with http:// or https://.", "url")
    return value


def read_date(value: str) -> datetime:
    """A date or a date and time as people write it; UTC where no zone is given."""
    for read in (datetime.fromisoformat, _plain_date, parsedate_to_datetime):
        try:
            found = read(value.strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise UnreadableText(
        f"The date line “{value[:60]}” cannot be read. Write 2024-11-27 or 27 November 2024.",
        "dated",
    )


def _plain_date(value: str) -> datetime:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(value)


def _cut_byline(lines: list[str], beside: _Beside) -> list[str]:
    """The lines without a byline that opens them and is followed by more."""
    filled = (count for count, line in enumerate(lines) if line.strip())
    first, second = next(filled, None), next(filled, None)
    if beside.byline or first is None or second is None or not _byline(lines[first]):
        return lines
    beside.byline = _byline(lines[first])
    return lines[second:]


def _byline(line: str) -> str:
    """The name in a line such as "By Jane Doe and Ali Khan"; empty for a line of prose."""
    match = BYLINE.fullmatch(line.rstrip())
    if not match or match["name"].endswith(SENTENCE_END + UNFINISHED):
        return ""
    words = match["name"].split()
    named = all(not word[0].islower() or word.lower() in NAME_JOINERS for word in words)
    return " ".join(words) if named and words[0][0].isupper() else ""


def make_up_title(text: str) -> str:
    """The first sentence of the text's body, cut at a word to at most MADE_UP_TITLE code points."""
    body = next((zone for zone in find_zones(text[:LEAD]) if zone.kind == "body"), None)
    lead = text[body.start : body.end] if body else text
    lead = " ".join(lead.strip().partition("\n")[0][:LEAD].split())
    sentence = FIRST_SENTENCE.match(lead)
    title = sentence[0] if sentence else lead
    if len(title) <= MADE_UP_TITLE:
        return title[:-1] if title.endswith((".", "。")) and len(title) > 1 else title
    room = title[: MADE_UP_TITLE - 1]
    words = room.rpartition(" ")[0]
    if title[MADE_UP_TITLE - 1] == " ":
        words = room
    # Scripts without spaces have no word to cut at.
    whole = words if len(words) * 2 > MADE_UP_TITLE else _whole(title)
    return (whole.rstrip(" ,;:-–—") or whole) + "…"


def _whole(title: str) -> str:
    """As much as fits of a title without spaces, no character torn from its marks and joiners."""
    end = MADE_UP_TITLE - 1
    while end > 1 and (_joins(title[end]) or title[end - 1] == "\u200d"):
        end -= 1
    return title[:end]


def _joins(character: str) -> bool:
    return character == "\u200d" or unicodedata.category(character).startswith("M")
