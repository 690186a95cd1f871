"""Claims in stories' words with those who make them, and how the claims were rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from annotations.models import Annotation, Attribution, Claim, ClaimReview, Source
from annotations.querysets import SHOWN, AnnotationQuerySet
from articles.models import Article
from newsdesk.site.rows import Rows

# The accepted ones of some claims' words, the oldest first.
TIES = Rows(
    Attribution,
    "id claim_id source_id cue manner mode parent_id by_outlet",
    "WHERE x.claim_id = ANY(%s) AND x.status = 'accepted' ORDER BY x.id",
)
# Those of some claims that no other supersedes, the newest first.
REVIEWS = Rows(
    ClaimReview,
    "id claim_id rating rating_value reviewer url evidence reviewed_on",
    """WHERE x.claim_id = ANY(%s)
    AND NOT EXISTS (SELECT 1 FROM annotations_claimreview n WHERE n.supersedes_id = x.id)
    ORDER BY x.reviewed_on DESC, x.id DESC""",
)


@dataclass
class Statement:
    """A claim's words in a story, the ties that say whose they are, and the claim's ratings; on
    a story's page its number there, and how many other stories make the claim."""

    annotation: Annotation
    ties: list[Attribution] = field(default_factory=list)
    reviews: list[ClaimReview] = field(default_factory=list)
    number: int = 0
    elsewhere: int = 0

    @property
    def claim(self) -> Claim:
        assert self.annotation.claim
        return self.annotation.claim

    @property
    def is_denied(self) -> bool:
        """Whether nobody makes the claim here: it is only denied."""
        return bool(self.ties) and all(tie.mode == "denies" for tie in self.ties)


def ratings_of(claims: Iterable[int]) -> dict[int, list[ClaimReview]]:
    """The reviews of each claim that no other supersedes, the newest first."""
    found: dict[int, list[ClaimReview]] = defaultdict(list)
    for review in REVIEWS.of(set(claims)).values():
        found[review.claim_id].append(review)
    return found


def tied(
    annotations: Iterable[Annotation], among: Mapping[int, Annotation] | None = None
) -> list[Statement]:
    """The claims' words, in the order given, with their ties and ratings.

    `among`: all that readers see of the stories that they are in, where the caller has that; it
    saves two queries of four. A tie shows where it is accepted and both its ends are seen.
    """
    statements = {a.pk: Statement(a) for a in annotations}
    ties = TIES.of(statements)
    outer = _outer(ties) if among is None else {}
    seen = _ends([*ties.values(), *outer.values()]) if among is None else among
    for tie in ties.values():
        if tie.source_id is None or tie.source_id in seen:
            statement = statements[tie.claim_id]
            _fill(tie, statement.annotation, outer | ties, seen)
            statement.ties.append(tie)
    return _rated(list(statements.values()))


def _outer(ties: Mapping[int, Attribution]) -> dict[int, Attribution]:
    """The accepted ties that some of these are in, as far as they are not among them."""
    wanted = {tie.parent_id for tie in ties.values() if tie.parent_id} - ties.keys()
    return Attribution.objects.filter(status="accepted").in_bulk(wanted) if wanted else {}


def _ends(ties: Iterable[Attribution]) -> dict[int, Annotation]:
    """Those ends of ties that readers see."""
    wanted = {end for tie in ties for end in (tie.source_id, tie.claim_id) if end}
    rows = Annotation.objects.accepted().filter(pk__in=wanted) if wanted else ()
    return {a.pk: a for a in (rows.select_related("source") if wanted else rows)}


def _fill(
    tie: Attribution,
    claim: Annotation,
    ties: Mapping[int, Attribution],
    seen: Mapping[int, Annotation],
) -> None:
    """Set the tie's ends, and who tells of it, from what is here already."""
    tie.claim, tie.source = claim, seen.get(tie.source_id or 0)
    outer = ties.get(tie.parent_id or 0)
    if outer and outer.claim_id in seen and (outer.source_id or outer.claim_id) in seen:
        outer.source = seen.get(outer.source_id or 0)
        tie.parent = outer
    else:
        tie.parent = None


def _rated(listed: list[Statement]) -> list[Statement]:
    reviews = ratings_of(s.annotation.claim_id for s in listed if s.annotation.claim_id)
    for statement in listed:
        statement.reviews = reviews.get(statement.annotation.claim_id or 0, [])
    return listed


def claims_in(articles: Mapping[int, Article]) -> AnnotationQuerySet:
    """The claims' words that readers see in these published stories, by what they are known to be
    at: joined to all stories, PostgreSQL would look through these."""
    revisions = [article.revision_id for article in articles.values()]
    rows = Annotation.objects.filter(**SHOWN, kind="claim", revision__in=revisions)
    return rows.filter(article__in=list(articles)).select_related("claim")


def placed(claims: Iterable[Annotation], articles: Mapping[int, Article]) -> list[Annotation]:
    """The claims' words with their stories, in the order of these and then of the text."""
    found = sorted(claims, key=lambda a: a.start)
    for annotation in found:
        annotation.article = articles[annotation.article_id]
        annotation.revision = annotation.article.revision
    order = {key: place for place, key in enumerate(articles)}
    return sorted(found, key=lambda a: order[a.article_id])


def statements_of(
    source: Source, articles: Mapping[int, Article], claim: Claim | None = None
) -> list[Statement]:
    """All that a source says in these stories, or its places of one claim, each with all its
    ties, in the order of the stories."""
    ties = Attribution.objects.filter(
        claim=OuterRef("pk"), status="accepted", source__source=source,
        source__revision=OuterRef("revision"),
        **{f"source__{name}": value for name, value in SHOWN.items()},
    )  # fmt: skip
    claims = claims_in(articles).filter(Exists(ties), **({"claim": claim} if claim else {}))
    return tied(placed(claims, articles))
