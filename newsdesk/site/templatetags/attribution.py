"""Who says so, in words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annotations.models import Attribution
from annotations.spans import words_of

register = template.Library()

VERBS = {
    "asserts": "says so", "suggests": "suggests it", "believes": "believes it",
    "intends": "intends it", "predicts": "predicts it", "denies": "denies it",
    "orders": "orders it", "asks": "asks for it",
}  # fmt: skip
IN_MANNER = {"direct": "in direct speech", "indirect": "as reported", "mixed": "partly quoted"}


@register.filter
def who_says(tie: Attribution) -> SafeString:
    """ "ISW suggests it, as reported", with a link; an unnamed source with what is said of it."""
    manner = IN_MANNER[tie.manner]
    if tie.by_outlet:
        return format_html("{}", "The story itself says so")
    if tie.source is None or tie.source.source is None:
        return format_html("No one is named ({})", manner)
    source = tie.source.source
    said = format_html(
        '<a href="{}">{}</a> {} ({})',
        source.get_absolute_url(),
        source.name,
        VERBS[tie.mode],
        manner,
    )
    more = [text for text in (source.affiliation, source.unnamed_reason) if text]
    return format_html("{} — {}", said, "; ".join(more)) if more else said


@register.filter
def who(tie: Attribution) -> str:
    """The source's name alone."""
    return tie.source.source.name if tie.source and tie.source.source else "no one is named"


@register.filter
def cue(tie: Attribution) -> str:
    """The words that attribute: "according to"."""
    return words_of(tie.claim.revision.text, tie.cue, joint=" ")


@register.filter
def in_its_words(annotation: object) -> str:
    """The annotation's own words, with dots where a quotation is broken."""
    return " … ".join(annotation.words())  # type: ignore[attr-defined]
