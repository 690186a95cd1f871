"""What comes in and goes out besides annotations, which only `annotations/formats/w3c` knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.models import Claim, ClaimLink, ClaimReview, Entity, Run, Source
from annotations.models.annotation import Kind, Status
from annotations.models.claim import ClaimLinkKind
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from articles.changes import Change
from articles.models import Article, RelatedHeadline, Revision, Zone
from newsdesk.api.given import WordField

STATES = Article.State.values


def absolute(thing: Any) -> str:
    return settings.SITE_URL + thing.get_absolute_url()


class Sparse:
    """A serializer that shows no more than the fields in `only`, where that is given."""

    def __init__(self, *args: Any, only: Collection[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [] if only is None else set(self.fields) - set(only):
            self.fields.pop(name)


class RelatedHeadlineSerializer(serializers.ModelSerializer):
    class Meta:
        model = RelatedHeadline
        fields = ["position", "title", "url"]


class ZoneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Zone
        fields = ["kind", "start", "end"]


class ArticleRowSerializer(Sparse, serializers.ModelSerializer):
    """An article in a list."""

    outlet = serializers.CharField(source="outlet.name", default=None, allow_null=True)
    revision = serializers.IntegerField(source="revision.number")
    page = serializers.SerializerMethodField()
    annotations = serializers.SerializerMethodField(help_text="Its annotation container")

    class Meta:
        model = Article
        fields = [
            "id", "slug", "title", "title_is_made_up", "state", "language", "outlet", "byline",
            "dated", "url", "revision", "version", "created_at", "updated_at", "published_at",
            "page", "annotations",
        ]  # fmt: skip

    def get_page(self, article: Article) -> str:
        return absolute(article)

    def get_annotations(self, article: Article) -> str:
        return f"{settings.SITE_URL}/api/articles/{article.pk}/annotations/"


class ArticleSerializer(ArticleRowSerializer):
    """One article with its text."""

    text = serializers.CharField(help_text="Offsets count its Unicode code points")
    zones = ZoneSerializer(source="revision.zones", many=True)
    related_headlines = RelatedHeadlineSerializer(many=True)

    class Meta(ArticleRowSerializer.Meta):
        fields = [*ArticleRowSerializer.Meta.fields, "text", "zones", "related_headlines"]


class StoredArticleSerializer(ArticleSerializer):
    """An article that was sent, and whether its text was there before."""

    already_stored = serializers.BooleanField()

    class Meta(ArticleSerializer.Meta):
        fields = [*ArticleSerializer.Meta.fields, "already_stored"]


class NewArticleSerializer(serializers.Serializer):
    """A story in plain text, as `articles.ingest.text` reads it."""

    text = serializers.CharField(trim_whitespace=False)
    title = serializers.CharField(required=False, allow_blank=True, max_length=300)
    language = serializers.CharField(required=False, allow_blank=True, max_length=20)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=200)
    byline = serializers.CharField(required=False, allow_blank=True, max_length=300)
    url = serializers.URLField(required=False, allow_blank=True, max_length=2000)
    dated = serializers.DateTimeField(required=False, allow_null=True)


class ArticleChangesSerializer(serializers.Serializer):
    """What may be changed of an article; one of text, state, or the rest in one request."""

    text = serializers.CharField(required=False, trim_whitespace=False)
    state = WordField(Article.State.choices, required=False)
    title = serializers.CharField(required=False, max_length=300)
    slug = serializers.SlugField(required=False, max_length=80)
    language = serializers.CharField(required=False, max_length=20)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=200)
    byline = serializers.CharField(required=False, allow_blank=True, max_length=300)
    url = serializers.URLField(required=False, allow_blank=True, max_length=2000)
    dated = serializers.DateTimeField(required=False, allow_null=True)


class RevisionRowSerializer(Sparse, serializers.ModelSerializer):
    """A revision in a list."""

    class Meta:
        model = Revision
        fields = ["article", "number", "length", "note", "created_at"]


class RevisionSerializer(RevisionRowSerializer):
    """The text of an article at one moment; it never changes."""

    zones = ZoneSerializer(many=True)

    class Meta(RevisionRowSerializer.Meta):
        fields = [*RevisionRowSerializer.Meta.fields, "text", "zones"]


class RunSerializer(Sparse, serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    article = serializers.IntegerField(source="revision.article_id")
    revision = serializers.IntegerField(source="revision.number")
    suggesters = serializers.DictField(child=serializers.CharField(), help_text="Name to version")
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Suggestions made, by kind"
    )

    class Meta:
        model = Run
        fields = [
            "id", "article", "revision", "state", "attempt", "progress", "queued_at", "started_at",
            "finished_at", "suggesters", "counts", "error",
        ]  # fmt: skip


class EntitySerializer(Sparse, serializers.ModelSerializer):
    aliases = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Entity
        fields = [
            "id",
            "slug",
            "type",
            "name",
            "aliases",
            "description",
            "wikidata_id",
            "version",
            "created_at",
            "updated_at",
            "page",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_aliases(self, entity: Entity) -> list[str]:
        return [alias.text for alias in entity.aliases.all()]

    def get_page(self, entity: Entity) -> str:
        return absolute(entity)


class EntityChangesSerializer(serializers.Serializer):
    """A new entity, or what is to be changed of one; `aliases` is the whole list."""

    name = serializers.CharField(max_length=300)
    type = WordField(EntityType.choices)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, max_length=200
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=500)
    wikidata_id = serializers.RegexField(
        r"^Q[1-9][0-9]*$", required=False, allow_null=True, max_length=20
    )


class ClaimReviewSerializer(serializers.ModelSerializer):
    """A rating of a claim. A newer one supersedes an older; none is overwritten."""

    class Meta:
        model = ClaimReview
        fields = [
            "id", "claim", "rating", "rating_value", "reviewer", "url", "evidence", "reviewed_on",
            "supersedes", "created_at",
        ]  # fmt: skip


class NewClaimReviewSerializer(serializers.Serializer):
    rating = serializers.CharField(max_length=100, help_text="In the reviewer's words")
    rating_value = serializers.IntegerField(
        min_value=1, max_value=5, required=False, allow_null=True, help_text="1 (false) to 5 (true)"
    )
    reviewer = serializers.CharField(max_length=200)
    reviewed_on = serializers.DateField()
    url = serializers.URLField(required=False, allow_blank=True, max_length=2000)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    supersedes = serializers.PrimaryKeyRelatedField(
        queryset=ClaimReview.objects.all(), required=False, allow_null=True
    )


class ClaimLinkSerializer(serializers.ModelSerializer):
    """What one claim is to another."""

    class Meta:
        model = ClaimLink
        fields = ["id", "claim", "other", "kind", "created_at"]


class NewClaimLinkSerializer(serializers.Serializer):
    other = serializers.PrimaryKeyRelatedField(queryset=Claim.objects.current())
    kind = WordField(ClaimLinkKind.choices)


class ClaimSerializer(Sparse, serializers.ModelSerializer):
    reviews = ClaimReviewSerializer(many=True, help_text="Newest first")
    page = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = [
            "id", "text", "language", "reviews", "version", "created_at", "updated_at", "page",
        ]  # fmt: skip

    def get_page(self, claim: Claim) -> str:
        return absolute(claim)


class MergeSerializer(serializers.Serializer):
    into = serializers.PrimaryKeyRelatedField(queryset=Entity.objects.current())


class ClaimChangesSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=1000)
    language = serializers.CharField(required=False, default="en", max_length=20)


class SourceSerializer(Sparse, serializers.ModelSerializer):
    page = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [
            "id", "slug", "kind", "name", "entity", "affiliation", "unnamed_reason", "version",
            "created_at", "updated_at", "page",
        ]  # fmt: skip

    def get_page(self, source: Source) -> str:
        return absolute(source)


class SourceChangesSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=300)
    kind = WordField(SourceKind.choices)
    entity = serializers.PrimaryKeyRelatedField(
        queryset=Entity.objects.current(), required=False, allow_null=True
    )
    affiliation = serializers.CharField(required=False, allow_blank=True, max_length=300)
    unnamed_reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ChangeSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(source="actor.username", default=None, allow_null=True)
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)

    class Meta:
        model = Change
        fields = [
            "seq", "at", "actor", "agent", "action", "subject_type", "subject_id", "article",
            "before", "after",
        ]  # fmt: skip


class ChangePageSerializer(serializers.Serializer):
    """`next` is the number to ask after next time, also when there is nothing new; `last` is the
    newest of the whole log."""

    results = ChangeSerializer(many=True)
    next = serializers.IntegerField()
    last = serializers.IntegerField()


class CandidateSerializer(serializers.Serializer):
    """An entity that a mention may mean."""

    id = serializers.URLField()
    type = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(required=False)
    sameAs = serializers.ListField(child=serializers.URLField(), required=False)


class StorySerializer(serializers.Serializer):
    id = serializers.URLField()
    title = serializers.CharField()
    date = serializers.DateTimeField(help_text="The outlet's; else when the story came in")


class SaidBeforeSerializer(serializers.Serializer):
    """A claim of the desk that is like a suggested one, with the newest stories that make it."""

    id = serializers.URLField()
    type = serializers.CharField()
    text = serializers.CharField()
    similarity = serializers.FloatField(help_text="1 for the very sentence")
    stories = StorySerializer(many=True)


class AnnotationSerializer(Sparse, serializers.Serializer):
    """A W3C Web Annotation, as in the recommendation, with the terms of /api/context.jsonld.
    Properties of your own are kept at every depth and given back."""

    id = serializers.URLField(read_only=True)
    type = serializers.CharField(default="Annotation")
    kind = serializers.ChoiceField(Kind.choices, required=False)
    status = serializers.ChoiceField(Status.choices, required=False)
    body = serializers.JSONField(
        required=False,
        help_text="An object, an address or a list. One says what the words are: by a type "
        "(Person, Organisation, Place, Event, Work, Product, Group, Claim, Source) or by an "
        "address here; the others come back. A claim needs none where kind says that it is one",
    )
    bodyValue = serializers.CharField(
        required=False, write_only=True, help_text="Instead of a body: what a claim says"
    )
    target = serializers.JSONField(
        help_text="An object with selectors, an address with #char=10,20, or a list. A source is "
        "the story's page, its address here, or where it stood first"
    )
    attributions = serializers.JSONField(required=False)
    candidates = CandidateSerializer(
        many=True, read_only=True, required=False,
        help_text="Of a suggested mention without an entity, best first; none: it is new here",
    )  # fmt: skip
    saidBefore = SaidBeforeSerializer(
        many=True, read_only=True, required=False,
        help_text="Of a suggested claim, the likest first",
    )  # fmt: skip


class AnnotationCollectionSerializer(serializers.Serializer):
    """The container itself, with its first page."""

    id = serializers.URLField()
    type = serializers.ListField(child=serializers.CharField())
    label = serializers.CharField()
    total = serializers.IntegerField()
    modified = serializers.DateTimeField()
    first = serializers.JSONField(required=False, help_text="The first page, or its address")
    last = serializers.URLField(required=False)


class AnnotationPageSerializer(serializers.Serializer):
    id = serializers.URLField()
    type = serializers.CharField()
    partOf = serializers.DictField(help_text="The collection, with its `total`")
    next = serializers.URLField(required=False)
    items = serializers.ListField(
        child=serializers.JSONField(), help_text="Annotations; with iris=1, their addresses"
    )


class StatusSerializer(serializers.Serializer):
    status = WordField(Status.choices)
