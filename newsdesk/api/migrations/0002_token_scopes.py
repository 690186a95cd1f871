"""Scopes of tokens; those that are there keep all that their users may."""

import django.contrib.postgres.fields
from django.db import migrations, models

import newsdesk.api.models.token


class Migration(migrations.Migration):
    dependencies = [("newsdesk_api", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    max_length=20,
                    choices=[
                        ("read_published", "Read what is published"),
                        ("read_all", "Read everything, published or not"),
                        ("annotate", "Annotate: add and change stories, tags and knowledge"),
                        ("publish", "Publish stories and take them back"),
                        ("admin", "Manage tokens and webhooks"),
                    ],
                ),
                default=newsdesk.api.models.token.every_scope,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read_published", "read_all", "annotate", "publish", "admin"]),
                    ("scopes__len__gte", 1),
                ),
                name="token_scopes_are_known",
            ),
        ),
    ]
