"""The old slugs of entities and sources are kept, whoever changes them."""

from django.db import migrations

KINDS = ("entity", "source")
CREATE = "\n".join(
    f"""
CREATE TRIGGER {kind}_old_slug AFTER UPDATE OF slug ON annotations_{kind}
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug)
    EXECUTE FUNCTION newsdesk_keep_old_slug('{kind}');
"""
    for kind in KINDS
)
DROP = "\n".join(f"DROP TRIGGER {kind}_old_slug ON annotations_{kind};" for kind in KINDS)


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0007_shown_stories"),
        ("articles", "0004_old_slugs"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
