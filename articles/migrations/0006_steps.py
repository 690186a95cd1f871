"""Which rows of the log are one act of a person, and which act takes which back."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_old_slugs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="change",
            name="step",
            field=models.UUIDField(
                blank=True, null=True, help_text="One act of a person; whoever acts makes it up"
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="undoes",
            field=models.UUIDField(
                blank=True, null=True, help_text="The step that this one takes back"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                fields=["step"], condition=models.Q(("step__isnull", False)), name="change_step"
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                fields=["article", "actor", "seq"],
                condition=models.Q(("step__isnull", False)),
                name="change_article_actor_steps",
            ),
        ),
    ]
