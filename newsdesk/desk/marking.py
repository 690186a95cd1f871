"""A text with its annotations as HTML: the annotator's first picture.

`static/desk/paint.js` makes the same elements, and is held to the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from annotations.models import Annotation
from annotations.segments import Paragraph, segmented

# Who makes each claim, by the key of the claim's annotation.
Speakers = Mapping[int, Sequence[str]]


def label_of(annotation: Annotation, speakers: Sequence[str] = ()) -> str:
    """What a mark is, in words: "Entity, person, suggested", or "Claim, accepted, said by the
    ministry"."""
    parts = [annotation.get_kind_display(), annotation.get_type_display(), annotation.status]
    said = [f"said by {' and '.join(speakers)}"] if speakers else []
    words = [part.lower() if index else part for index, part in enumerate(parts) if part]
    return ", ".join(words + said)


def paragraphs_html(
    text: str, annotations: Iterable[Annotation], speakers: Speakers | None = None
) -> SafeString:
    """Each paragraph as a `p` with its place in code points, its marks nested, longest outside.

    The first piece of an annotation can be focused and says what it is, and of a claim whose.
    """
    seen: set[int] = set()
    said = speakers or {}
    paragraphs = segmented(text, ((annotation, annotation.spans) for annotation in annotations))
    return mark_safe("\n".join(_paragraph(paragraph, seen, said) for paragraph in paragraphs))  # noqa: S308


def _paragraph(paragraph: Paragraph[Annotation], seen: set[int], said: Speakers) -> SafeString:
    pieces = (
        reduce(
            lambda html, annotation: _mark(annotation, html, seen, said),
            reversed(segment.marks),
            conditional_escape(segment.text),
        )
        for segment in paragraph.segments
    )
    return format_html(
        '<p dir="auto" data-start="{}" data-end="{}">{}</p>',
        paragraph.start,
        paragraph.end,
        mark_safe("".join(pieces)),  # noqa: S308 - each piece is escaped
    )


def _mark(annotation: Annotation, inner: str, seen: set[int], said: Speakers) -> SafeString:
    first = SafeString()
    if annotation.pk not in seen:
        seen.add(annotation.pk)
        first = format_html(
            ' id="tag-{}" tabindex="0" role="group" aria-label="{}"',
            annotation.uuid,
            label_of(annotation, said.get(annotation.pk, ())),
        )
    return format_html(
        '<mark class="tag tag-{} is-{}" data-id="{}"{}>{}</mark>',
        annotation.kind,
        annotation.status,
        annotation.uuid,
        first,
        inner,
    )
