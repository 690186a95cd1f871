"""The writer of what is said about claims and sources: ratings of claims, ties between claims,
corrections of sources."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from annotations.knowledge import lock_version, require_editor
from annotations.models import Claim, ClaimLink, ClaimReview, Source
from annotations.models.claim import ClaimLinkKind
from annotations.models.source import SourceKind
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
        log.add("unlink", row, before=row.snapshot(), gone=True)
        row.delete()


def change_source(*, source: Source, actor: Any, seen_version: int, **values: Any) -> Source:
    """Set name, kind, affiliation, unnamed_reason or entity. Raises StaleVersion or Refused."""
    require_editor(actor)
    with recording(actor=actor) as log:
        locked = lock_version(Source, source.pk, seen_version)
        before = locked.snapshot()
        for field, value in values.items():
            setattr(locked, field, value)
        locked.name = " ".join(locked.name.split())
        _check_source(locked)
        locked.version += 1
        locked.save()
        log.add("change", locked, before=before)
    return locked


def _check_source(source: Source) -> None:
    unnamed = source.kind == SourceKind.UNNAMED
    if unnamed and source.entity_id:
        raise Refused("An unnamed source cannot be tied to an entity.", field="entity")
    if source.unnamed_reason and not unnamed:
        raise Refused("Only an unnamed source has a reason for not naming it.",
                      field="unnamed_reason")  # fmt: skip
    same = Source.objects.current().filter(entity=source.entity_id).exclude(pk=source.pk)
    if source.entity_id and same.exists():
        raise Refused("Another source is this entity already.", field="entity")
    _check(source)


def _check(row: Source | ClaimReview) -> None:
    excluded = ["created_by", "merged_into", "claim", "supersedes"]
    try:
        row.full_clean(exclude=[n for n in excluded if hasattr(row, n)], validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error
