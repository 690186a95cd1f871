"""What a story's page reads, each in one plain statement. See `newsdesk/site/rows.py` for why."""

from __future__ import annotations

from annotations.models import Annotation, Claim, Entity, Source
from articles.models import Article, Outlet, RelatedHeadline, Revision, Zone
from newsdesk.site.rows import Rows

OUTLET = Outlet, "id name slug url"
STORY = Rows(
    Article,
    "id slug title state language outlet_id byline dated url revision_id version created_at "
    "published_at",
    """LEFT JOIN articles_outlet outlet ON outlet.id = x.outlet_id
    LEFT JOIN articles_revision revision ON revision.id = x.revision_id
    WHERE x.slug = %s AND x.state = 'published'""",
    outlet=OUTLET,
    revision=(Revision, "id text created_at"),
)
# As they stand in a list: without their texts.
LISTED = Rows(
    Article,
    "id slug title state outlet_id byline published_at",
    """LEFT JOIN articles_outlet outlet ON outlet.id = x.outlet_id
    WHERE x.id = ANY(%s) AND x.state = 'published'""",
    outlet=OUTLET,
)
ANNOTATIONS = Rows(
    Annotation,
    "id kind spans type entity_id claim_id source_id",
    """WHERE x.article_id = %s AND x.revision_id = %s AND x.status = 'accepted'
    AND x.deleted_at IS NULL ORDER BY x.start, x."end" DESC, x.id""",
)
# Each with in how many stories it is; None where it is in none.
ENTITIES = Rows(
    Entity,
    "id slug type name description wikidata_id",
    "LEFT JOIN annotations_entitytally tally ON tally.entity_id = x.id WHERE x.id = ANY(%s)",
    more="tally.stories",
)
CLAIMS = Rows(
    Claim,
    "id text",
    "LEFT JOIN annotations_claimtally tally ON tally.claim_id = x.id WHERE x.id = ANY(%s)",
    more="tally.stories",
)
SOURCES = Rows(
    Source, "id slug kind name entity_id affiliation unnamed_reason", "WHERE x.id = ANY(%s)"
)
# What is not body.
ZONES = Rows(
    Zone, "id kind start end", "WHERE x.revision_id = %s AND x.kind <> 'body' ORDER BY x.start"
)
HEADLINES = Rows(RelatedHeadline, "id title url", "WHERE x.article_id = %s ORDER BY x.position")


def published_story(slug: str) -> Article | None:
    """The story at this address with outlet and text, where it is published; one query."""
    return next(iter(STORY.read(slug)), None)


def annotations_of(article: Article) -> list[Annotation]:
    """The accepted ones of the text that readers see, in its order, with what they are about.

    A query more for each kind of thing there is.
    """
    found = ANNOTATIONS.read(article.pk, article.revision_id)
    sources = SOURCES.of({a.source_id for a in found if a.source_id})
    speaking = {source.entity_id for source in sources.values() if source.entity_id}
    entities = ENTITIES.of({a.entity_id for a in found if a.entity_id} | speaking)
    claims = CLAIMS.of({a.claim_id for a in found if a.claim_id})
    for source in sources.values():
        source.entity = entities.get(source.entity_id or 0)
    for annotation in found:
        # Not fetched again with each of them: texts are long.
        annotation.article, annotation.revision = article, article.revision
        annotation.entity = entities.get(annotation.entity_id or 0)
        annotation.claim = claims.get(annotation.claim_id or 0)
        annotation.source = sources.get(annotation.source_id or 0)
    return found
