"""What comes in and goes out besides annotations, which only `annotations/formats/w3c` knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.models import Claim, Entity, Run, Source
from annotations.models.annotation import Kind, Status
from annotations.models.entity import EntityType
from annotations.models.source import SourceKind
from articles.changes import Change
from articles.models import Article, RelatedHeadline, Zone

STATES = Article.State.values


def absolute(thing: Any) -> str:
    return settings.SITE_URL + thing.get_absolute_url()


class RelatedHeadlineSerializer(serializers.ModelSerializer):
    class Meta:
        model = RelatedHeadline
        fields = ["position", "title", "url"]


class ZoneSerializer(serializers.ModelSerializer):
    class Meta:
        model = Zone
        fields = ["kind", "start", "end"]


class ArticleRowSerializer(serializers.ModelSerializer):
    """An article in a list."""

    outlet = serializers.CharField(source="outlet.name", default=None)
    revision = serializers.IntegerField(source="revision.number")
    page = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = [
            "id", "slug", "title", "title_is_made_up", "state", "language", "outlet", "byline",
            "dated", "url", "revision", "version", "created_at", "updated_at", "published_at",
            "page",
        ]  # fmt: skip

    def get_page(self, article: Article) -> str:
        return absolute(article)


class ArticleSerializer(ArticleRowSerializer):
    """One article with its text."""

    text = serializers.CharField()
    zones = ZoneSerializer(source="revision.zones", many=True)
    related_headlines = RelatedHeadlineSerializer(many=True)

    class Meta(ArticleRowSerializer.Meta):
        fields = [*ArticleRowSerializer.Meta.fields, "text", "zones", "related_headlines"]


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
    state = serializers.ChoiceField(Article.State.choices, required=False)
    title = serializers.CharField(required=False, max_length=300)
    slug = serializers.SlugField(required=False, max_length=80)
    language = serializers.CharField(required=False, max_length=20)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=200)
    byline = serializers.CharField(required=False, allow_blank=True, max_length=300)
    url = serializers.URLField(required=False, allow_blank=True, max_length=2000)
    dated = serializers.DateTimeField(required=False, allow_null=True)


class RunSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    revision = serializers.IntegerField(source="revision.number")

    class Meta:
        model = Run
        fields = [
            "id", "revision", "state", "attempt", "progress", "queued_at", "started_at",
            "finished_at", "suggesters", "counts", "error",
        ]  # fmt: skip


class EntitySerializer(serializers.ModelSerializer):
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
    type = serializers.ChoiceField(EntityType.choices)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, max_length=200
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=500)
    wikidata_id = serializers.RegexField(
        r"^Q[1-9][0-9]*$", required=False, allow_null=True, max_length=20
    )


class ClaimSerializer(serializers.ModelSerializer):
    page = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = ["id", "text", "language", "version", "created_at", "page"]

    def get_page(self, claim: Claim) -> str:
        return absolute(claim)


class ClaimChangesSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=1000)
    language = serializers.CharField(required=False, default="en", max_length=20)


class SourceSerializer(serializers.ModelSerializer):
    page = serializers.SerializerMethodField()

    class Meta:
        model = Source
        fields = [
            "id", "slug", "kind", "name", "entity", "affiliation", "unnamed_reason", "version",
            "page",
        ]  # fmt: skip

    def get_page(self, source: Source) -> str:
        return absolute(source)


class SourceChangesSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField(SourceKind.choices)
    entity = serializers.PrimaryKeyRelatedField(
        queryset=Entity.objects.current(), required=False, allow_null=True
    )
    affiliation = serializers.CharField(required=False, allow_blank=True, max_length=300)
    unnamed_reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class ChangeSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(source="actor.username", default=None)

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


class AnnotationSerializer(serializers.Serializer):
    """A W3C Web Annotation, as in the recommendation, with the terms of /api/context.jsonld."""

    id = serializers.URLField(read_only=True)
    type = serializers.CharField(default="Annotation")
    kind = serializers.ChoiceField(Kind.choices, required=False)
    status = serializers.ChoiceField(Status.choices, required=False)
    body = serializers.JSONField()
    target = serializers.JSONField()
    attributions = serializers.JSONField(required=False)
    candidates = CandidateSerializer(
        many=True, read_only=True, required=False,
        help_text="Of a suggested mention without an entity, best first; none: it is new here",
    )  # fmt: skip
    saidBefore = SaidBeforeSerializer(
        many=True, read_only=True, required=False,
        help_text="Of a suggested claim, the likest first",
    )  # fmt: skip


class StatusSerializer(serializers.Serializer):
    status = serializers.ChoiceField(Status.choices)
