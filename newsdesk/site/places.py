"""Where in stories a thing is: its words with what stands around them, story by story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotations.models import Annotation
from annotations.segments import paragraph_spans
from articles.models import Article

AROUND = 90
# So many places of a story are shown; a link leads to the others.
PLACES_A_STORY = 3


@dataclass(frozen=True)
class Context:
    """An annotation's words with what stands around them."""

    annotation: Annotation
    before: str
    words: str
    after: str


@dataclass
class StoryPlaces:
    """A story, the first places in it, and how many more it has."""

    article: Article
    places: list[Context] = field(default_factory=list)
    more: int = 0


def in_context(annotation: Annotation) -> Context:
    """Its words with up to AROUND characters of its paragraph on both sides, cut at words."""
    text = annotation.revision.text
    start, end = annotation.start, annotation.end
    low, high = next(((a, b) for a, b in paragraph_spans(text) if a <= start < b), (0, len(text)))
    before, after = text[low:start], text[end : max(end, high)]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Context(annotation, before, text[start:end], after)


def articles_of(keys: Sequence[int]) -> dict[int, Article]:
    """The published stories with these keys, with outlet and text, in the order of the keys."""
    found = Article.objects.published().with_text().in_bulk(keys)
    return {key: found[key] for key in keys if key in found}


def with_places(
    articles: dict[int, Article], annotations: Iterable[Annotation]
) -> list[StoryPlaces]:
    """Each story with its annotations in context; two on the same words count once."""
    by_story: dict[int, dict[int, Annotation]] = defaultdict(dict)
    for annotation in annotations:
        by_story[annotation.article_id].setdefault(annotation.start, annotation)
    return [_places(article, list(by_story[key].values())) for key, article in articles.items()]


def _places(article: Article, annotations: list[Annotation]) -> StoryPlaces:
    shown = annotations[:PLACES_A_STORY]
    for annotation in shown:
        annotation.article, annotation.revision = article, article.revision
    return StoryPlaces(article, [in_context(a) for a in shown], len(annotations) - len(shown))
