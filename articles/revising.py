"""The writer of texts: new articles, new revisions, corrections of what stands beside the text."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from articles.changes import Recorder, recording
from articles.errors import Refused, StaleVersion
from articles.ingest.draft import Draft, UnreadableText, fingerprint
from articles.ingest.draft import Zone as DraftZone
from articles.ingest.text import clean_text
from articles.ingest.zones import find_zones
from articles.models import Article, Outlet, RelatedHeadline, Revision, Zone
from articles.once import made_or_found
from articles.querysets import ArticleQuerySet
from articles.signals import revision_created
from articles.slugs import slug_after_rename, unique_slug


class Stored(NamedTuple):
    """What became of a draft: the article, and whether it is new."""

    article: Article
    is_new: bool


def create_article(*, draft: Draft, actor: Any = None) -> Stored:
    """Store a draft as an article in review with its first revision.

    The same text twice is stored once: the article that has it is given back, unchanged.
    """
    print_of_text = fingerprint(draft.text)

    def find() -> Stored | None:
        known = Article.objects.filter(fingerprint=print_of_text).first()
        return Stored(known, is_new=False) if known else None

    def make() -> Stored:
        with recording(actor=actor) as log:
            return Stored(_insert_article(draft, print_of_text, actor, log), is_new=True)

    return find() or made_or_found(make, find)


def _insert_article(draft: Draft, print_of_text: str, actor: Any, log: Recorder) -> Article:
    article = Article(
        slug=unique_slug(Article, draft.title, fallback="story"),
        title=draft.title[:300],
        title_is_made_up=draft.title_is_made_up,
        state=Article.State.IN_REVIEW,
        language=draft.language,
        outlet=outlet_called(draft.outlet),
        byline=draft.byline,
        dated=draft.dated,
        url=draft.url,
        fingerprint=print_of_text,
        created_by=actor,
    )
    _check(article)
    article.save()
    RelatedHeadline.objects.bulk_create(
        RelatedHeadline(article=article, position=position, title=item.title[:500], url=item.url)
        for position, item in enumerate(draft.related, start=1)
    )
    _insert_revision(article, draft.text, draft.zones, actor, log)
    log.add("create", article)
    return article


def _insert_revision(
    article: Article,
    text: str,
    zones: tuple[DraftZone, ...],
    actor: Any,
    log: Recorder,
    note: str = "",
) -> Revision:
    previous = article.revision
    revision = Revision.objects.create(
        article=article,
        number=previous.number + 1 if previous else 1,
        text=text,
        length=len(text),
        note=note,
        created_by=actor,
    )
    Zone.objects.bulk_create(
        Zone(revision=revision, kind=zone.kind, start=zone.start, end=zone.end) for zone in zones
    )
    article.revision = revision
    article.save(update_fields=["revision", "updated_at"])
    log.add("create", revision)
    revision_created.send(sender=Revision, revision=revision, previous=previous)
    return revision


def outlet_called(name: str) -> Outlet | None:
    """The outlet of that name, made when there is none; None for an empty name."""
    name = " ".join(name.split())[:200]
    if not name:
        return None

    def find() -> Outlet | None:
        return Outlet.objects.filter(name__iexact=name).first()

    if known := find():
        return known
    with transaction.atomic():
        # Waits for whoever is making one that is called so.
        slug = unique_slug(Outlet, name, fallback="outlet")
        return find() or Outlet.objects.create(name=name, slug=slug)


def lock_article(
    *, pk: int, seen_version: int | None = None, among: ArticleQuerySet | None = None
) -> Article:
    """The article's row, locked until the transaction ends.

    Raises StaleVersion when it is not at the version that the caller saw, and DoesNotExist when it
    is not one of those among which it is to be.
    """
    rows = Article.objects.all() if among is None else among
    locked = rows.select_for_update(of=("self",), no_key=True).select_related("revision")
    article = locked.get(pk=pk)
    if article.revision is None and article.revision_id:
        # Revised while this waited for the row, which PostgreSQL joins to the text of before.
        article.revision = Revision.objects.get(pk=article.revision_id)
    if seen_version is not None and article.version != seen_version:
        raise StaleVersion(article, seen_version)
    return article


def lock_articles(articles: ArticleQuerySet) -> dict[int, Article]:
    """By number, those of the articles that there are, locked in the order of their numbers, with
    their texts."""
    locked = articles.select_for_update(of=("self",), no_key=True).order_by("pk")
    pks = list(locked.values_list("pk", flat=True))
    # A statement of its own: what a row was joined to is not read anew after waiting for it.
    return {a.pk: a for a in Article.objects.with_text().filter(pk__in=pks)} if pks else {}


def revise(
    *, article: Article, text: str, actor: Any, seen_version: int, note: str = ""
) -> Revision:
    """Give the article a new text; the annotations are carried across by whoever listens."""
    try:
        text = clean_text(text).strip()
    except UnreadableText as error:
        raise Refused(str(error), field="text") from error
    if not text:
        raise Refused("The text must not be empty.", field="text")
    with recording(actor=actor) as log:
        locked = lock_article(pk=article.pk, seen_version=seen_version)
        if locked.text == text:
            raise Refused("The text is the same as before.", field="text")
        before = locked.snapshot()
        locked.version += 1
        locked.save(update_fields=["version", "updated_at"])
        revision = _insert_revision(locked, text, find_zones(text), actor, log, note)
        log.add("revise", locked, before=before)
    return revision


CORRECTABLE = ("title", "byline", "language", "outlet", "dated", "url", "slug")


def correct(*, article: Article, actor: Any, seen_version: int, **values: Any) -> Article:
    """Change what stands beside the text: any of CORRECTABLE, the outlet by its name.

    The address of what was never published follows its title; afterwards it stays, unless a
    `slug` is given: the old one then leads to the new one.
    """
    with recording(actor=actor) as log:
        locked = lock_article(pk=article.pk, seen_version=seen_version)
        before = locked.snapshot()
        _apply(locked, values)
        locked.version += 1
        locked.save()
        log.add("correct", locked, before=before)
    return locked


def _apply(article: Article, values: dict[str, Any]) -> None:
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise Refused("This cannot be corrected.", field=sorted(unknown)[0])
    if "title" in values:
        title = " ".join(values["title"].split())
        if not title or len(title) > 300:
            raise Refused("A title has 1 to 300 characters.", field="title")
        article.title, article.title_is_made_up = title, False
        if article.published_at is None:
            article.slug = unique_slug(Article, title, fallback="story")
    if "slug" in values:
        article.slug = _slug_of(article, values["slug"])
    if "outlet" in values:
        article.outlet = outlet_called(values["outlet"])
    for field in ("byline", "language", "dated", "url"):
        if field in values:
            setattr(article, field, values[field])
    _check(article)


def _slug_of(article: Article, wish: str) -> str:
    if not slugify(wish):
        raise Refused("A slug has letters of a to z, digits and hyphens.", field="slug")
    return slug_after_rename(article, wish, fallback="story")


def _check(article: Article) -> None:
    """Hold the article to its fields' rules. Raises Refused, naming the first that is broken."""
    try:
        article.clean_fields(exclude=["outlet", "revision", "created_by"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error
