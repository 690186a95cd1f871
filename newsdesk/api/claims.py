"""Claims, their reviews, and what they are to each other."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations import knowledge, reviewing
from annotations.models import Annotation, Attribution, Claim, ClaimLink, ClaimReview
from annotations.models.claim import BEGINNING, ClaimLinkKind
from newsdesk.api.articles import checked
from newsdesk.api.filters import Filter, between, number, some_of, text
from newsdesk.api.idempotency import idempotent
from newsdesk.api.knowledge import SORTS, TIMES, KnowledgeView, folded
from newsdesk.api.paging import Listing
from newsdesk.api.resources import Resource, paged
from newsdesk.api.schema import MOVED, pages_of
from newsdesk.api.serializers import (
    ClaimChangesSerializer,
    ClaimLinkSerializer,
    ClaimReviewSerializer,
    ClaimSerializer,
    NewClaimLinkSerializer,
    NewClaimReviewSerializer,
)
from newsdesk.api.sorting import Logged, Sort
from newsdesk.api.versions import seen_version


def _made_in(article: int, user: Any) -> Q:
    rows = Annotation.objects.visible_to(user).filter(article=article)
    return Q(pk__in=rows.values("claim"))


def _attributed_to(source: int, user: Any) -> Q:
    ties = Attribution.objects.visible_to(user).exclude(status="rejected")
    return Q(pk__in=ties.filter(source__source=source).values("claim__claim"))


def _reviewed(yes: list[str], _: Any) -> Q:
    condition = Q(Exists(ClaimReview.objects.filter(claim=OuterRef("pk"))))
    return condition if yes == ["true"] else ~condition


def _yes_or_no(value: str) -> list[str]:
    if value not in ("true", "false"):
        raise ValueError("is true or false")
    return [value]


FILTERS = {
    "q": Filter("folded_text__contains", folded, "part of its sentence"),
    "language": Filter("language", text),
    "article": Filter(_made_in, number, "it is made in this article", OpenApiTypes.INT64),
    "source": Filter(_attributed_to, number, "this source makes it", OpenApiTypes.INT64),
    "reviewed": Filter(_reviewed, _yes_or_no, "whether it was rated", values=("true", "false")),
    **TIMES,
}
BY_TEXT = {
    **SORTS,
    "text": Sort(
        (Left("folded_text", BEGINNING),), moves=True,
        note=f"text: by its first {BEGINNING} characters, without regard to case",
    ),
}  # fmt: skip


class ClaimView(KnowledgeView):
    shown, taken, address = ClaimSerializer, ClaimChangesSerializer, "claims"
    fields = tuple(ClaimSerializer.Meta.fields)

    def rows(self, request: Request) -> QuerySet[Claim]:
        return Claim.objects.visible_to(request.user).prefetch_related("reviews")


class ClaimList(ClaimView):
    listing = Listing(FILTERS, BY_TEXT, logged=Logged("claim"))

    @extend_schema(operation_id="claims_list", responses=pages_of(ClaimSerializer))
    def get(self, request: Request) -> Response:
        """The claims: those made in what is published, and for editors all."""
        return self.listed(request)

    @extend_schema(
        operation_id="claims_create", request=ClaimChangesSerializer,
        responses={201: ClaimSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a claim, or get the one that has this sentence."""
        made = knowledge.find_or_create_claim(actor=request.user, **self.checked(request))
        return self.made(request, made)


class ClaimDetail(ClaimView):
    @extend_schema(operation_id="claim", responses={200: ClaimSerializer, **MOVED})
    def get(self, request: Request, pk: int) -> Response:
        """One claim with its reviews; a merged one redirects."""
        return self.one(request, pk)

    @extend_schema(
        operation_id="claim_change", request=ClaimChangesSerializer,
        responses={200: ClaimSerializer, **MOVED},
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        """Correct its sentence; with If-Match."""
        claim, seen = self.one_of(request, pk), seen_version(request)
        text = self.checked(request)["text"]
        knowledge.change_claim(claim=claim, text=text, actor=request.user, seen_version=seen)
        return self.one(request, pk)


class OfClaim(Resource):
    """What hangs on one claim."""

    shown: ClassVar[Any]

    def claim(self, request: Request, pk: int) -> Claim:
        return get_object_or_404(Claim.objects.visible_to(request.user), pk=pk)

    def listed(self, request: Request, rows: QuerySet[Any]) -> Response:
        page = self.page(rows, request)
        return paged(request, page, self.shown(page.rows, many=True).data)


class ReviewList(OfClaim):
    shown = ClaimReviewSerializer
    listing = Listing(
        between("created", "created_at"), {"created": Sort(("created_at",))}, sort="-id"
    )

    @extend_schema(operation_id="claim_reviews_list", responses=pages_of(ClaimReviewSerializer))
    def get(self, request: Request, pk: int) -> Response:
        """The ratings that the claim was given, newest first; none is ever overwritten."""
        return self.listed(request, ClaimReview.objects.filter(claim=self.claim(request, pk)))

    @extend_schema(
        operation_id="claim_reviews_create", request=NewClaimReviewSerializer,
        responses={201: ClaimReviewSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Rate the claim; `supersedes` names the review that this one replaces."""
        claim = self.claim(request, pk)
        given = checked(NewClaimReviewSerializer, request)
        made = reviewing.review_claim(claim=claim, actor=request.user, **given)
        headers = {"Location": f"/api/claims/{claim.pk}/reviews/{made.pk}/"}
        return Response(ClaimReviewSerializer(made).data, status=201, headers=headers)


class ReviewDetail(OfClaim):
    @extend_schema(operation_id="claim_review", responses=ClaimReviewSerializer)
    def get(self, request: Request, pk: int, review: int) -> Response:
        """One rating of the claim."""
        rows = ClaimReview.objects.filter(claim=self.claim(request, pk))
        return Response(ClaimReviewSerializer(get_object_or_404(rows, pk=review)).data)


def _links(request: Request, claim: Claim) -> QuerySet[ClaimLink]:
    """From and to the claim, where the client may see both."""
    seen = Claim.objects.visible_to(request.user).values("pk")
    rows = ClaimLink.objects.filter(Q(claim=claim) | Q(other=claim))
    return rows.filter(claim__in=seen, other__in=seen)


class LinkList(OfClaim):
    shown = ClaimLinkSerializer
    listing = Listing(
        {"kind": some_of("kind", ClaimLinkKind.values)}, {"created": Sort(("created_at",))}
    )

    @extend_schema(operation_id="claim_links_list", responses=pages_of(ClaimLinkSerializer))
    def get(self, request: Request, pk: int) -> Response:
        """What the claim is to others, and others to it."""
        return self.listed(request, _links(request, self.claim(request, pk)))

    @extend_schema(
        operation_id="claim_links_create", request=NewClaimLinkSerializer,
        responses={201: ClaimLinkSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Say what this claim is to another; what was said already is given back."""
        claim = self.claim(request, pk)
        given = checked(NewClaimLinkSerializer, request)
        made = reviewing.link_claims(claim=claim, actor=request.user, **given)
        headers = {"Location": f"/api/claims/{made.claim_id}/links/{made.pk}/"}
        return Response(ClaimLinkSerializer(made).data, status=201, headers=headers)


class LinkDetail(OfClaim):
    def _link(self, request: Request, pk: int, link: int) -> ClaimLink:
        return get_object_or_404(_links(request, self.claim(request, pk)), pk=link)

    @extend_schema(operation_id="claim_link", responses=ClaimLinkSerializer)
    def get(self, request: Request, pk: int, link: int) -> Response:
        """One link between claims."""
        return Response(ClaimLinkSerializer(self._link(request, pk, link)).data)

    @extend_schema(operation_id="claim_link_delete", responses={204: None})
    def delete(self, request: Request, pk: int, link: int) -> Response:
        """Take it back. It has one version only, so that no If-Match is needed."""
        reviewing.unlink_claims(link=self._link(request, pk, link), actor=request.user)
        return Response(status=204)
