"""A spaCy pipeline as one more suggester, for desks that have one.

spaCy is optional: it is imported when a pipeline is given and the first text is read.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotations.nlp.lexicon import ROLES
from annotations.nlp.predictions import Mention, Predictions, Span
from annotations.nlp.stops import TITLES
from annotations.nlp.suggester import Document
from annotations.nlp.tokens import sentences

log = logging.getLogger(__name__)

NAME = "spacy"
TYPES = {
    "PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place",
    "FAC": "place", "EVENT": "event", "WORK_OF_ART": "work", "LAW": "work", "PRODUCT": "product",
    "NORP": "group",
}  # fmt: skip
# A pipeline does not say how sure it is: less than the desk's own suggesters mostly are.
CONFIDENCE = 0.5
# What names have no need of takes most of a pipeline's time.
NOT_NEEDED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "morphologizer", "senter")
# Code points read at once; a pipeline has a limit and needs memory for all of them.
LONGEST = 100_000

_TITLES = ROLES | TITLES | {"prime", "vice", "former", "acting"}
# An acronym in brackets is a name of its own, and none runs over paragraphs.
_NAME_ENDS = re.compile(r"\s*\(|\n\s*\n")
_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"\w+(?:[-–]\w+)+")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_TITLE = re.compile(r"([^\W\d_]+)\.?\s+")
_OUTSIDE = " \t\r\n\u00a0“”«»„‘,;:()[]" + '"'


@cache
def suggesters(pipeline: str) -> list[SpacySuggester]:
    """The suggester of the pipeline (an installed package or a folder); none for "", and none but a
    warning for one that is not there."""
    if not pipeline:
        return []
    if missing := _missing(pipeline):
        log.warning("NEWSDESK_SPACY_PIPELINE is %s: %s; reading without it", pipeline, missing)
        return []
    return [SpacySuggester(pipeline)]


def _missing(pipeline: str) -> str:
    if find_spec("spacy") is None:
        return "spaCy is not installed (pip install spacy)"
    if (Path(pipeline) / "meta.json").is_file():
        return ""
    if pipeline.isidentifier() and find_spec(pipeline) is not None:
        return ""
    return "there is no installed package and no pipeline's folder of this name"


class SpacySuggester:
    """Suggests the names that a pipeline finds. Safe to share between threads."""

    name = NAME

    def __init__(self, pipeline: str) -> None:
        self.pipeline = pipeline
        self._lock = threading.Lock()

    @cached_property
    def version(self) -> str:
        """The pipeline's own name and version; loads it."""
        with self._lock:
            if self._loaded is None:
                return f"{Path(self.pipeline).name[:40]}-not loaded"
            return "{lang}_{name}-{version}".format(**self._loaded.meta)[:60]

    @cached_property
    def _loaded(self) -> Any:
        """The pipeline; None, with a line in the log, where it cannot be loaded."""
        import spacy

        try:
            return spacy.load(self.pipeline, exclude=NOT_NEEDED)
        except Exception:  # a pipeline for another spaCy fails in many ways; the desk reads on
            log.exception("NEWSDESK_SPACY_PIPELINE: %s cannot be loaded", self.pipeline)
            return None

    def suggest(self, document: Document, so_far: Predictions) -> Predictions:
        with self._lock:
            found = list(self._mentions(document)) if self._loaded else []
        return Predictions(mentions=found)

    def _mentions(self, document: Document) -> Iterator[Mention]:
        text = document.text
        for part in parts(text, document.stretches):
            for found in self._loaded(text[slice(*part)]).ents:
                type = TYPES.get(found.label_, "")
                place = Span(part.start + found.start_char, part.start + found.end_char)
                for span in names(text, place, type) if type else ():
                    name = " ".join(text[slice(*span)].split())
                    reason = f"{self.pipeline} calls it {found.label_}"[:300]
                    yield Mention(span, type, name, CONFIDENCE, reason, NAME)


def parts(text: str, stretches: tuple[Span, ...]) -> Iterator[Span]:
    """The stretches, cut between sentences where they are long."""
    for stretch in stretches:
        start = stretch.start
        for sentence in sentences(text, *stretch):
            if sentence.end - start > LONGEST and sentence.start > start:
                yield Span(start, sentence.start)
                start = sentence.start
            while sentence.end - start > LONGEST:
                yield Span(start, start + LONGEST)
                start += LONGEST
        yield Span(start, stretch.end)


def names(text: str, span: Span, type: str) -> Iterator[Span]:
    """The names in what a pipeline marked, as the guideline has them: no article, no title, no
    possessive ending, and of nationalities joined by a hyphen each."""
    whole = _trimmed(text, span, type)
    words = text[slice(*whole)]
    if type == "group" and _JOINED.fullmatch(words) and words.istitle():
        for match in _WORD.finditer(text, *whole):
            yield Span(*match.span())
    elif _is_name(words):
        yield whole


def _is_name(words: str) -> bool:
    has_letters = any(sign.isalpha() for sign in words)
    return has_letters and not words.islower() and words.lower().rstrip(".") not in _TITLES


def _trimmed(text: str, span: Span, type: str) -> Span:
    start, end = _without_signs(text, *span)
    if over := _NAME_ENDS.search(text, start, end):
        end = over.start()
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    while type == "person" and (title := _TITLE.match(text, start, end)):
        if title[1].lower() not in _TITLES:
            break
        start = title.end()
    if possessive := _POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    return Span(*_without_signs(text, start, end))


def _without_signs(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _OUTSIDE:
        start += 1
    while end > start and text[end - 1] in _OUTSIDE:
        end -= 1
    return start, end
