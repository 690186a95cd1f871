"""The writer of what is said about claims and sources: ratings of claims, ties between claims,
corrections of sources."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from annotations.knowledge import lock_version, require_editor
from annotations.models import Claim, ClaimLink, ClaimReview
from annotations.models.claim import ClaimLinkKind
from articles.changes import recording
from articles.errors import Refused


def review_claim(
    *,
    claim: Claim,
    actor: Any,
    rating: str,
    reviewer: str,
    reviewed_on: date,
    rating_value: int | None = None,
    url: str = "",
    evidence: str = "",
    supersedes: ClaimReview | None = None,
) -> ClaimReview:
    """A new rating of a claim. It may supersede one of the same claim that none supersedes yet.

    Raises Refused, naming the field.
    """
    require_editor(actor)
    if claim.merged_into_id:
        raise Refused("This claim was merged: rate the one that it is now.", field="claim")
    with recording(actor=actor) as log:
        # Two may not supersede the same: the claim's row is their place to wait.
        lock_version(Claim, claim.pk, None)
        if supersedes:
            _check_superseded(supersedes, claim)
        review = ClaimReview(
            claim=claim, rating=" ".join(rating.split()), rating_value=rating_value,
            reviewer=" ".join(reviewer.split()), reviewed_on=reviewed_on, url=url,
            evidence=evidence, supersedes=supersedes, created_by=actor,
        )  # fmt: skip
        _check(review)
        review.save()
        log.add("review", review)
    return review


def _check_superseded(review: ClaimReview, claim: Claim) -> None:
    if review.claim_id != claim.pk:
        raise Refused("It may supersede a review of the same claim only.", field="supersedes")
    if ClaimReview.objects.filter(supersedes=review).exists():
        raise Refused("Another review supersedes that one already.", field="supersedes")


def link_claims(*, claim: Claim, other: Claim, kind: str, actor: Any) -> ClaimLink:
    """Say what one claim is to another; what was said already is given back.

    Raises Refused where the two are one, or the kind is none.
    """
    require_editor(actor)
    if kind not in ClaimLinkKind.values:
        raise Refused(f"The kind must be one of {', '.join(ClaimLinkKind.values)}.", field="kind")
    claim, other = claim.merged_into or claim, other.merged_into or other
    if claim.pk == other.pk:
        raise Refused("A claim is not linked to itself.", field="other")
    with recording(actor=actor) as log:
        link, is_new = ClaimLink.objects.get_or_create(
            claim=claim, other=other, kind=kind, defaults={"created_by": actor}
        )
        if is_new:
            log.add("link", link)
    return link


def unlink_claims(*, link: ClaimLink, actor: Any) -> None:
    """Take back what was said about two claims; the log keeps it."""
    require_editor(actor)
    with recording(actor=actor) as log:
        row = ClaimLink.objects.select_for_update().filter(pk=link.pk).first()
        if row is None:
            return
        log.drop("unlink", row)
        row.delete()


def _check(row: ClaimReview) -> None:
    excluded = ["created_by", "merged_into", "claim", "supersedes"]
    try:
        row.full_clean(exclude=[n for n in excluded if hasattr(row, n)], validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error
