"""Who makes which claim, and who is spoken of, in what is published: as rows to be counted. And
the words of stories and names that are not ASCII, cut by annotations/cutting.py."""

import django.db.models.deletion
from django.db import migrations, models

from annotations.cutting import LONGEST, for_index

PUBLISHED_ONLY = """
CREATE TRIGGER shown_tie_is_published BEFORE INSERT OR UPDATE ON annotations_showntie
    FOR EACH ROW EXECUTE FUNCTION newsdesk_refuse_unpublished();
CREATE TRIGGER shown_about_is_published BEFORE INSERT OR UPDATE ON annotations_shownabout
    FOR EACH ROW EXECUTE FUNCTION newsdesk_refuse_unpublished();

CREATE OR REPLACE FUNCTION newsdesk_forget_unpublished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM annotations_shownstory WHERE article_id = NEW.id;
    DELETE FROM annotations_storyvector WHERE article_id = NEW.id;
    DELETE FROM annotations_showntie WHERE article_id = NEW.id;
    DELETE FROM annotations_shownabout WHERE article_id = NEW.id;
    RETURN NULL;
END $$;
"""
NOT_ONLY = """
CREATE OR REPLACE FUNCTION newsdesk_forget_unpublished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM annotations_shownstory WHERE article_id = NEW.id;
    DELETE FROM annotations_storyvector WHERE article_id = NEW.id;
    RETURN NULL;
END $$;
DROP TRIGGER shown_about_is_published ON annotations_shownabout;
DROP TRIGGER shown_tie_is_published ON annotations_showntie;
"""
# As annotations/showing_sql.py has it.
FILL = """
INSERT INTO annotations_showntie (
    article_id, source_id, claim_id, outlet_id, published_at, places, denials)
SELECT s.article_id, o.source_id, c.claim_id, s.outlet_id, s.published_at,
    count(DISTINCT c.id) FILTER (WHERE t.mode <> 'denies'),
    count(DISTINCT c.id) FILTER (WHERE t.mode = 'denies')
FROM annotations_shownstory s
JOIN annotations_annotation c ON c.article_id = s.article_id AND c.revision_id = s.revision_id
    AND c.kind = 'claim' AND c.status = 'accepted' AND c.deleted_at IS NULL
JOIN annotations_attribution t ON t.claim_id = c.id AND t.status = 'accepted'
JOIN annotations_annotation o ON o.id = t.source_id AND o.revision_id = s.revision_id
    AND o.status = 'accepted' AND o.deleted_at IS NULL
WHERE c.claim_id IS NOT NULL AND o.source_id IS NOT NULL
GROUP BY s.article_id, o.source_id, c.claim_id;

INSERT INTO annotations_shownabout (article_id, entity_id, published_at, places)
SELECT s.article_id, m.entity_id, s.published_at, count(DISTINCT c.id)
FROM annotations_shownstory s
JOIN annotations_annotation c ON c.article_id = s.article_id AND c.revision_id = s.revision_id
    AND c.kind = 'claim' AND c.status = 'accepted' AND c.deleted_at IS NULL
JOIN annotations_annotation m ON m.article_id = s.article_id AND m.revision_id = s.revision_id
    AND m.entity_id IS NOT NULL AND m.status = 'accepted' AND m.deleted_at IS NULL
    AND m.start >= c.start AND m."end" <= c."end"
WHERE EXISTS (SELECT 1 FROM generate_subscripts(c.spans, 1) AS n
            WHERE m.start < c.spans[n][2] AND m."end" > c.spans[n][1])
AND NOT EXISTS (
    SELECT 1 FROM annotations_attribution t
    JOIN annotations_annotation a ON a.id = t.source_id AND a.revision_id = s.revision_id
        AND a.status = 'accepted' AND a.deleted_at IS NULL
    JOIN annotations_source o ON o.id = a.source_id AND o.entity_id = m.entity_id
    WHERE t.claim_id = c.id AND t.status = 'accepted')
GROUP BY s.article_id, m.entity_id;
"""

A_BATCH = 500
STORIES = """
SELECT s.article_id, s.title, left(r.text, %s)
FROM annotations_shownstory s JOIN articles_revision r ON r.id = s.revision_id
WHERE s.article_id > %s AND octet_length(s.title || r.text) <> length(s.title || r.text)
ORDER BY s.article_id LIMIT %s
"""
CUT_STORIES = """
UPDATE annotations_shownstory s SET
    words = setweight(to_tsvector(s.config::regconfig, cut.title), 'A')
        || setweight(to_tsvector(s.config::regconfig, cut.text), 'D'),
    title_words = to_tsvector(s.config::regconfig, cut.title)
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS cut (id, title, text)
WHERE s.article_id = cut.id
"""
# They are made again, as vectors that are like no other.
NOT_UNDERSTOOD = "DELETE FROM annotations_storyvector WHERE article_id = ANY(%s)"
NAMES = """
SELECT id, text FROM annotations_shownname
WHERE id > %s AND octet_length(text) <> length(text) ORDER BY id LIMIT %s
"""
CUT_NAMES = """
UPDATE annotations_shownname n SET words = to_tsvector('simple', newsdesk_plain(cut.words))
FROM unnest(%s::bigint[], %s::text[]) AS cut (id, words) WHERE n.id = cut.id
"""


def cut_anew(apps, schema_editor):
    """A batch after the other, so that long texts are not all held at once."""
    with schema_editor.connection.cursor() as cursor:
        _cut(cursor, STORIES, [LONGEST], CUT_STORIES, NOT_UNDERSTOOD)
        _cut(cursor, NAMES, [], CUT_NAMES)


def _cut(cursor, read, values, write, forget=None):
    last = 0
    while True:
        cursor.execute(read, [*values, last, A_BATCH])
        found = cursor.fetchall()
        rows = [(pk, *map(for_index, texts)) for pk, *texts in found]
        if not rows:
            return
        if forget:
            cursor.execute(forget, [[pk for pk, *texts in found if not _is_latin(texts)]])
        cursor.execute(write, [list(column) for column in zip(*rows, strict=True)])
        last = rows[-1][0]


def _is_latin(texts):
    letters = [letter for letter in " ".join(texts)[:1500] if letter.isalpha()]
    return 2 * sum(letter < "\u0250" for letter in letters) >= len(letters)


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0010_imports'),
        ('articles', '0007_change_types'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShownTie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField()),
                ('places', models.IntegerField()),
                ('denials', models.IntegerField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shown_ties', to='articles.article')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotations.claim')),
                ('outlet', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.outlet')),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotations.source')),
            ],
            options={
                'ordering': ['article', 'source', 'claim'],
                'indexes': [models.Index(fields=['source', 'claim'], include=('article', 'outlet', 'published_at', 'places', 'denials'), name='shown_tie_source'), models.Index(fields=['claim', 'source'], include=('article', 'places', 'denials'), name='shown_tie_claim')],
                'constraints': [models.UniqueConstraint(fields=('article', 'source', 'claim'), name='shown_tie_once_a_story')],
            },
        ),
        migrations.CreateModel(
            name='ShownAbout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField()),
                ('places', models.IntegerField()),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('entity', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='annotations.entity')),
            ],
            options={
                'ordering': ['-published_at', '-article_id'],
                'indexes': [models.Index(fields=['entity', '-published_at', '-article'], include=('places',), name='shown_about_entity')],
                'constraints': [models.UniqueConstraint(fields=('article', 'entity'), name='shown_about_once_a_story')],
            },
        ),
        migrations.RunSQL(PUBLISHED_ONLY, NOT_ONLY),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(cut_anew, migrations.RunPython.noop),
    ]
