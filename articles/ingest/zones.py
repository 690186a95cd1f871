"""Which lines of a text are the story, which are captions, which come with every story.

Line by line and conservative: a line is body unless its whole form says otherwise, because what
is not body is not read for tags.
"""

from __future__ import annotations

import re

from articles.ingest.draft import Zone

# White space inside a line. `\s` would run on into the next one.
GAP = r"[^\S\n]"

# A line like one of these, with or without a colon, opens a list of other stories.
_INTRODUCERS = (
    r"related(?: stor(?:y|ies)| articles?| news| reading| links| headlines?| coverage| content"
    r"| topics)?",
    r"read (?:also|more|next|further|more on this(?: story| topic)?)",
    r"(?:see|also read|read|watch|more) also|also read|see more",
    r"more (?:on this(?: story| topic)?|stories|headlines|coverage|to read|news)",
    r"further reading|recommended (?:reading|stories|for you)|you (?:may|might) also like",
    r"(?:lesen|sehen) sie auch|mehr zum thema|siehe auch|auch interessant",
    r"(?:à )?lire (?:aussi|également)|voir aussi|sur le même sujet",
    r"le[ae] también|ver también|también le puede interesar|noticias relacionadas|relacionad[oa]s?",
    r"leia (?:também|mais)|veja também|notícias relacionadas",
    r"leggi anche|vedi anche|potrebbe interessarti",
    r"lees ook|bekijk ook|czytaj (?:także|też|również|więcej)|zobacz (?:też|także|również)",
    r"läs (?:också|även|mer)|les også|læs også|lue myös|čtěte (?:také|též)|citește și",
    r"ilgili haberler|ayrıca okuyun",
    r"читайте (?:также|ещё|еще|також|більше)|смотрите также|дивіться також|по теме|за темою",
)
INTRODUCER = rf"(?:{'|'.join(_INTRODUCERS)})"
BULLET = rf"{GAP}*(?:[-*•–—·▪‣◦●►]|\(?\d{{1,3}}[.)]){GAP}+(?=\S)"

_RIGHTS = (
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|tutti i diritti riservati"
    r"|todos (?:los derechos|os direitos) reservados|все права защищены"
    r"|(?:усі|всі) права захищен[оі]"
)
_NETWORKS = (
    r"(?:twitter|x|facebook|instagram|telegram|youtube|tiktok|linkedin|whatsapp|threads|bluesky"
    r"|mastodon|google news|social media|viber|signal|reddit)\b"
)
_WORKERS = r"(?:additional |further )?(?:reporting|writing|editing|translation|graphics) by"
_STORY = r"(?:story|article|report|piece|interview|version)"

# Each is one whole line of at most 400 code points, upper or lower case.
_BOILERPLATE_LINES = (
    rf"{INTRODUCER}{GAP}*[:|»→>].*",
    r"read (?:more|the (?:full|whole) (?:story|article)|(?:more )?here)[ .:»→>]*",
    r"(?:sign up|subscribe)\b.{0,200}\b(?:newsletters?|briefing|alerts?|inbox|podcast|channel)\b.*",
    r"get .{0,120}\b(?:newsletters?|(?:in|to) your inbox)\b.*",
    rf"(?:follow|join|like|find) (?:us|our .{{1,40}}) on {_NETWORKS}.*",
    rf"follow \S.{{0,60}} on {_NETWORKS}[^.]{{0,120}}\.?",
    r"(?:download|get) (?:our|the .{1,40}) app\b.{0,80}",
    r"support (?:our|independent|quality) journalism\b.{0,160}",
    r"advertisement|story continues below(?: advertisement)?|article continues below.{0,40}",
    r"(?:share|listen to|print) this (?:story|article)[.:]?",
    rf"(?:©|\(c\)|copyright\b)(?:.*\b(?:19|20)\d\d\b.*|.*(?:{_RIGHTS}).*)",
    rf".{{0,200}}\b(?:{_RIGHTS})\.?",
    r"this material may not be (?:published|reproduced)\b.*",
    rf"\({_WORKERS} .*\)\.?",
    rf"{_WORKERS} [^;.]+;.*\bby .*",
    r"editing by \S.{0,120}",
    r"with (?:reporting|files|inputs?|agencies)(?: (?:by|from) \S.{0,100})?\.?",
    r"our standards:.*trust principles.*",
    rf"this {_STORY} (?:was |has been )?(?:first|originally) (?:published|appeared|ran)\b.*",
    r"(?:first|originally) (?:published|appeared) (?:in|on|at|by) \S.{0,120}",
    rf"this {_STORY} was (?:produced|generated|created) (?:automatically|from|by) .{{0,120}}feed.*",
)
_CAPTION_LINES = (
    rf"(?:file |handout |stock )?(?:photos?|images?|pictures?|photographs?|illustrations?|caption)"
    rf"(?: (?:by|credit|courtesy|caption)[^:\n]{{0,60}})?{GAP}*[:|]{GAP}*\S.*",
    r"file photo\b.*|file [-–—] .*",
    r"(?:photo|image) (?:credit|courtesy) .{1,120}",
    rf"(?:foto|bild|zdjęcie|kuva|imagen|фото|світлина|иллюстрация){GAP}*:{GAP}*\S.*",
    r".*[(\[](?:(?:ap|epa|reuters|afp|handout|file|pool) (?:photo|image|picture)"
    r"|(?:photo|image|picture|credit)s?(?: by|:| courtesy))[^)\]\n]{0,80}[)\]]\.?",
    r".*(?:[(\[|/©]|via) ?getty images[)\]]?\.?",
)


def _lines(patterns: tuple[str, ...]) -> re.Pattern[str]:
    forms = "|".join(patterns)
    return re.compile(rf"^{GAP}*(?=.{{1,400}}$)(?:{forms}){GAP}*$", re.IGNORECASE | re.MULTILINE)


_OPENING = re.compile(rf"{GAP}*{INTRODUCER}{GAP}*(?P<colon>:?){GAP}*", re.IGNORECASE)
_LIST = re.compile(
    rf"^{GAP}*{INTRODUCER}{GAP}*:?{GAP}*(?:\n(?:{GAP}*\n)*{BULLET}.*)+$",
    re.IGNORECASE | re.MULTILINE,
)
_FORMS = (
    ("boilerplate", _LIST),
    ("boilerplate", _lines(_BOILERPLATE_LINES)),
    ("caption", _lines(_CAPTION_LINES)),
)


def opens_a_list(line: str) -> bool | None:
    """Whether the line opens a list of other stories with a colon; None if it opens none."""
    match = _OPENING.fullmatch(line)
    return bool(match["colon"]) if match else None


def find_zones(text: str) -> tuple[Zone, ...]:
    """The zones of a text, sorted and disjoint; whole lines, neighbours of one kind joined."""
    found: list[Zone] = []
    reached = 0
    for zone in _special_lines(text):
        if zone.start < reached:
            continue
        _append(found, _body_between(text, reached, zone.start))
        _append(found, zone)
        reached = zone.end
    _append(found, _body_between(text, reached, len(text)))
    return tuple(found)


def _special_lines(text: str) -> list[Zone]:
    zones = [
        Zone(kind, match.start(), match.end())
        for kind, form in _FORMS
        for match in form.finditer(text)
    ]
    return sorted(zones, key=lambda zone: zone.start)


def _body_between(text: str, start: int, end: int) -> Zone | None:
    part = text[start:end]
    ink = part.strip()
    if not ink:
        return None
    first = start + len(part) - len(part.lstrip())
    last = first + len(ink)
    line_end = text.find("\n", last, end)
    return Zone(
        "body", max(start, text.rfind("\n", start, first) + 1), end if line_end < 0 else line_end
    )


def _append(found: list[Zone], zone: Zone | None) -> None:
    if zone is None:
        return
    if found and found[-1].kind == zone.kind:
        zone = Zone(zone.kind, found.pop().start, zone.end)
    found.append(zone)
