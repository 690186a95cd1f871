"""Spans are pairs, sorted, disjoint, not empty, and inside their revision's text; an annotation's
`start` and `end` are theirs. Held by the database itself."""

from django.db import migrations

CREATE = """
CREATE FUNCTION newsdesk_check_spans(spans integer[], inside integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    i integer;
    last_end integer := 0;
BEGIN
    IF array_ndims(spans) <> 2 OR array_length(spans, 2) <> 2 THEN
        RAISE EXCEPTION 'spans are not pairs: %', spans USING ERRCODE = 'check_violation';
    END IF;
    FOR i IN 1 .. array_length(spans, 1) LOOP
        IF spans[i][1] IS NULL OR spans[i][2] IS NULL OR spans[i][1] < last_end
           OR spans[i][2] <= spans[i][1] OR spans[i][2] > inside THEN
            RAISE EXCEPTION 'span % of % does not stand in a text of % characters', i, spans, inside
                USING ERRCODE = 'check_violation';
        END IF;
        last_end := spans[i][2];
    END LOOP;
END $$;

CREATE FUNCTION newsdesk_check_annotation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Not the whole row: its text may be large.
    revision record;
BEGIN
    SELECT article_id, length INTO revision FROM articles_revision WHERE id = NEW.revision_id;
    IF revision.article_id <> NEW.article_id THEN
        RAISE EXCEPTION 'the revision is of another article' USING ERRCODE = 'check_violation';
    END IF;
    IF coalesce(cardinality(NEW.spans), 0) = 0 THEN
        RAISE EXCEPTION 'an annotation has a span' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM newsdesk_check_spans(NEW.spans, revision.length);
    NEW.start := NEW.spans[1][1];
    NEW."end" := NEW.spans[array_length(NEW.spans, 1)][2];
    RETURN NEW;
END $$;

CREATE TRIGGER annotation_inside_text
    BEFORE INSERT OR UPDATE OF spans, revision_id, article_id, start, "end"
    ON annotations_annotation
    FOR EACH ROW EXECUTE FUNCTION newsdesk_check_annotation();

CREATE FUNCTION newsdesk_check_attribution() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim annotations_annotation%ROWTYPE;
    source annotations_annotation%ROWTYPE;
BEGIN
    SELECT * INTO claim FROM annotations_annotation WHERE id = NEW.claim_id;
    IF claim.kind <> 'claim' THEN
        RAISE EXCEPTION 'only a claim is attributed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.source_id IS NOT NULL THEN
        SELECT * INTO source FROM annotations_annotation WHERE id = NEW.source_id;
        IF source.kind <> 'source' OR source.article_id <> claim.article_id THEN
            RAISE EXCEPTION 'a claim is attributed to a source of its article'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF cardinality(NEW.cue) > 0 THEN
        PERFORM newsdesk_check_spans(
            NEW.cue, (SELECT length FROM articles_revision WHERE id = claim.revision_id));
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER attribution_ties_claim_to_source
    BEFORE INSERT OR UPDATE OF claim_id, source_id, cue ON annotations_attribution
    FOR EACH ROW EXECUTE FUNCTION newsdesk_check_attribution();

CREATE FUNCTION newsdesk_check_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.merged_into_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM annotations_entity
        WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'merged into an entity that is merged itself'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entity_merged_into_a_current_one
    BEFORE INSERT OR UPDATE OF merged_into_id ON annotations_entity
    FOR EACH ROW EXECUTE FUNCTION newsdesk_check_merge();

CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON annotations_decision
    FOR EACH ROW EXECUTE FUNCTION newsdesk_refuse_change();
"""

DROP = """
DROP TRIGGER decision_is_append_only ON annotations_decision;
DROP TRIGGER entity_merged_into_a_current_one ON annotations_entity;
DROP FUNCTION newsdesk_check_merge();
DROP TRIGGER attribution_ties_claim_to_source ON annotations_attribution;
DROP FUNCTION newsdesk_check_attribution();
DROP TRIGGER annotation_inside_text ON annotations_annotation;
DROP FUNCTION newsdesk_check_annotation();
DROP FUNCTION newsdesk_check_spans(integer[], integer);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0001_initial"),
        ("articles", "0002_immutable_ground"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
