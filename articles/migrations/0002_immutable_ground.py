"""What is never altered: a revision's text and the change log, held by the database itself."""

from django.db import migrations

CREATE = """
CREATE FUNCTION newsdesk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER change_is_append_only BEFORE UPDATE OR DELETE ON articles_change
    FOR EACH ROW EXECUTE FUNCTION newsdesk_refuse_change();

CREATE TRIGGER revision_is_immutable BEFORE UPDATE OR DELETE ON articles_revision
    FOR EACH ROW EXECUTE FUNCTION newsdesk_refuse_change();

CREATE FUNCTION newsdesk_check_zone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."end" > (SELECT length FROM articles_revision WHERE id = NEW.revision_id) THEN
        RAISE EXCEPTION 'zone %-% reaches outside the text', NEW.start, NEW."end"
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER zone_inside_text BEFORE INSERT OR UPDATE ON articles_zone
    FOR EACH ROW EXECUTE FUNCTION newsdesk_check_zone();
"""

DROP = """
DROP TRIGGER zone_inside_text ON articles_zone;
DROP FUNCTION newsdesk_check_zone();
DROP TRIGGER revision_is_immutable ON articles_revision;
DROP TRIGGER change_is_append_only ON articles_change;
DROP FUNCTION newsdesk_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
