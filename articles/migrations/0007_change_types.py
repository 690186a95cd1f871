"""An index for those who follow one type of thing through the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_steps")]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["subject_type", "seq"], name="change_type_seq"),
        ),
    ]
