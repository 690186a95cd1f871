"""Where a story is from, and when: a line that stands under each headline of each list."""

from __future__ import annotations

from calendar import month_name
from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from articles.models import Article

register = template.Library()


@register.filter
def day(at: datetime | None) -> SafeString | str:
    """A moment as its day, for people and for machines; nothing where there is none."""
    if at is None:
        return ""
    at = localtime(at)
    told = f"{at.day} {month_name[at.month]} {at.year}"
    return format_html('<time datetime="{}">{}</time>', at.strftime("%Y-%m-%dT%H:%M:%S%z"), told)


@register.filter
def origin(article: Article) -> SafeString:
    """Its outlet with a link, its byline, and the day on which readers got it."""
    parts: list[SafeString | str] = []
    if outlet := article.outlet:
        address = outlet.get_absolute_url()
        parts.append(format_html('<a class="outlet" href="{}">{}</a>', address, outlet.name))
    parts += filter(None, [article.byline, day(article.published_at)])
    return format_html_join(" · ", "{}", ((part,) for part in parts))
