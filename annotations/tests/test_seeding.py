from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from annotations.models import Annotation, Entity
from articles.changes import Change
from articles.models import Article
from articles.roles import is_chief, is_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Four stories without gold, and a knowledge base of two."""
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"Story {number}\n\nText {number} of it.")
    lines = ['{"name": "Amaro", "type": "place"}', '{"name": "Ana Ruiz", "type": "person"}']
    (tmp_path / "knowledge.jsonl").write_text("\n".join(lines))
    return tmp_path


def setup_desk(seeds: Path) -> str:
    out = io.StringIO()
    call_command("setup_desk", seeds=seeds, stdout=out)
    return out.getvalue()


def test_a_new_desk_has_people_stories_and_knowledge(seeds) -> None:
    said = setup_desk(seeds)
    assert "Loaded 4 stories and 2 entities" in said
    assert is_editor(User.objects.get(username="editor"))
    assert is_chief(User.objects.get(username="chief"))
    assert (Article.objects.count(), Entity.objects.count()) == (4, 2)


def test_passwords_are_shown_once_and_are_good(seeds, client) -> None:
    said = setup_desk(seeds)
    password = said.split("New user editor, password ")[1].split()[0]
    assert client.login(username="editor", password=password)
    assert "password" not in setup_desk(seeds)


def test_a_desk_that_is_set_up_again_is_left_as_it_is(seeds) -> None:
    setup_desk(seeds)
    Article.objects.update(state="archived")
    User.objects.filter(username="editor").update(is_active=False)
    assert setup_desk(seeds) == ""
    assert set(Article.objects.values_list("state", flat=True)) == {"archived"}
    assert not User.objects.get(username="editor").is_active


def test_the_projects_own_seeds_fill_readers_pages_and_the_queue() -> None:
    setup_desk(settings.BASE_DIR / "seeds")
    assert Article.objects.filter(state="published").count() == 9
    assert Article.objects.filter(state="in_review").count() == 3
    assert Annotation.objects.shown().count() > 150


def test_the_admin_lists_and_finds_everything(admin_client, seeds) -> None:
    setup_desk(seeds)
    index = admin_client.get("/admin/").content.decode()
    for app in ("articles", "annotations"):
        assert f"/admin/{app}/" in index

    for model in [
        *apps.get_app_config("articles").get_models(),
        *apps.get_app_config("annotations").get_models(),
    ]:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/?q=a"
        assert admin_client.get(address).status_code == 200, address


def test_what_the_admin_writes_is_in_the_change_log(admin_client, seeds) -> None:

    setup_desk(seeds)
    entity = Entity.objects.get(name="Amaro")
    form = {
        "slug": entity.slug, "type": "place", "name": "Port Amaro", "description": "", "wikidata_id": "",
        "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = admin_client.post(f"/admin/annotations/entity/{entity.pk}/change/", form)
    assert answer.status_code == 302, answer.content.decode()
    change = Change.objects.of(entity).last()
    assert (change.before["name"], change.after["name"]) == ("Amaro", "Port Amaro")
    assert change.actor.username == "admin"
