"""Who says so, in words."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from annotations.models import Annotation, Attribution
from annotations.spans import words_of
from newsdesk.site.statements import Statement

register = template.Library()

VERBS = {
    "asserts": "says so", "suggests": "suggests it", "believes": "believes it",
    "intends": "intends it", "predicts": "predicts it", "denies": "denies it",
    "orders": "orders it", "asks": "asks for it",
}  # fmt: skip
IN_MANNER = {"direct": "in direct speech", "indirect": "as reported", "mixed": "partly quoted"}


@register.filter
def who_say(statement: Statement) -> SafeString:
    """A paragraph for each tie of a claim's words, with the words that attribute."""
    if not statement.ties:
        return format_html('<p class="says quiet">{}</p>', "The story itself says so.")
    return format_html_join(
        "",
        '<p class="says">{}{}</p>',
        ((who_says(tie), _cue(tie)) for tie in statement.ties),
    )


def _cue(tie: Attribution) -> SafeString | str:
    """ "according to" """
    if not tie.cue:
        return ""
    words = words_of(tie.claim.revision.text, tie.cue, joint=" ")
    return format_html(' <q class="cue">{}</q>', words)


def who_says(tie: Attribution) -> SafeString:
    """ "ISW suggests it (as reported)", with a link; an unnamed source with what is said of it;
    who reports it where that is somebody else."""
    manner = IN_MANNER[tie.manner]
    if tie.by_outlet:
        return format_html("{}", "The story itself says so")
    if tie.source is None or tie.source.source is None:
        return format_html("No one is named ({}){}", manner, _as_told(tie))
    source = tie.source.source
    more = "; ".join(filter(None, (source.affiliation, source.unnamed_reason)))
    return format_html(
        '<a href="{}">{}</a> {} ({}){}{}',
        source.get_absolute_url(),
        source.name,
        VERBS[tie.mode],
        manner,
        f" — {more}" if more else "",
        _as_told(tie),
    )


def _as_told(tie: Attribution) -> SafeString | str:
    """Who says that somebody says so, where a tie is in another."""
    teller = tie.parent.source.source if tie.parent and tie.parent.source else None
    if teller is None:
        return ""
    return format_html(', as <a href="{}">{}</a> tells', teller.get_absolute_url(), teller.name)


@register.filter
def in_its_words(annotation: Annotation) -> str:
    """The annotation's own words, with dots where a quotation is broken."""
    return " … ".join(annotation.words())
