"""Claims in stories' words with those who make them, and how the claims were rated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotations.models import Annotation, Attribution, Claim, ClaimReview
from annotations.querysets import AttributionQuerySet


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
    reviews = ClaimReview.objects.filter(claim__in=set(claims), superseded_by__isnull=True)
    found: dict[int, list[ClaimReview]] = defaultdict(list)
    for review in reviews:
        found[review.claim_id].append(review)
    return found


def tied(annotations: Iterable[Annotation]) -> list[Statement]:
    """The claims' words, in the order given, with their ties and ratings: two queries."""
    statements = {a.pk: Statement(a) for a in annotations}
    ties = Attribution.objects.accepted().filter(claim__in=list(statements))
    wanted = ("source__source__entity", "parent__source__source", "parent__claim")
    for tie in ties.select_related(*wanted).order_by("pk"):
        statement = statements[tie.claim_id]
        # Not fetched again: its words stand in the story's text, which is here already.
        tie.claim = statement.annotation
        tie.parent = tie.parent if _is_shown(tie.parent, statement.annotation) else None
        statement.ties.append(tie)
    return _rated(list(statements.values()))


def _is_shown(parent: Attribution | None, claim: Annotation) -> bool:
    """Whether readers may see who reports what somebody said, as `AttributionQuerySet.accepted`."""
    if parent is None or parent.status != "accepted":
        return False
    ends = [end for end in (parent.claim, parent.source) if end]
    return all(
        end.status == "accepted" and not end.deleted_at and end.revision_id == claim.revision_id
        for end in ends
    )


def _rated(listed: list[Statement]) -> list[Statement]:
    reviews = ratings_of(s.annotation.claim_id for s in listed if s.annotation.claim_id)
    for statement in listed:
        statement.reviews = reviews.get(statement.annotation.claim_id or 0, [])
    return listed


def statements_of(ties: AttributionQuerySet, most: int) -> list[Statement]:
    """The newest of the claims' words that these ties attribute, each with all its ties."""
    wanted = ("claim__claim", "claim__article__outlet", "claim__revision")
    rows = ties.select_related(*wanted).order_by(
        "-claim__article__published_at", "-claim__article_id", "claim__start", "pk"
    )
    # Some words have several ties.
    claims = {tie.claim_id: tie.claim for tie in rows[: most * 2]}
    return tied(list(claims.values())[:most])
