"""The desk's pages of tokens and webhooks, as people use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.tests.factories import chief, editor, make_article
from newsdesk.api.hooks import delivering, managing
from newsdesk.api.models import Webhook, make_token
from newsdesk.api.tests.receiving import Receiver, receiver
from newsdesk.tests.browsing import context_of, violations


@pytest.fixture
def head(db):
    return chief(username="head")


@pytest.fixture
def as_head(head) -> Client:
    client = Client()
    client.force_login(head)
    return client


@pytest.fixture
def there(settings) -> Iterator[Receiver]:
    settings.PRIVATE_WEBHOOKS = True
    with receiver() as running:
        yield running


@pytest.fixture
def webhook(head, there) -> Webhook:
    made = managing.create_webhook(actor=head, url=there.url, description="CMS")
    make_article()
    there.answers = [204, 500]
    delivering.deliver(made.pk, wake=lambda _: None)
    made.refresh_from_db()
    return made


def test_a_chief_makes_a_webhook_on_the_desk(as_head, there) -> None:
    sent = {"url": there.url, "types": ["annotation"], "actions": ["accept", "reject"]}
    page = as_head.post("/desk/webhooks/", sent)
    webhook = Webhook.objects.get()
    assert (webhook.types, webhook.actions) == (["annotation"], ["accept", "reject"])
    assert webhook.secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert webhook.secret not in as_head.get("/desk/webhooks/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": "https://10.0.0.1/"}, "not on the internet"),
        (
            {"url": "https://8.8.8.8/", "actions": ["Accept!"]},
            "is not one of the available choices",
        ),
        (
            {"url": "https://8.8.8.8/", "types": ["run"], "actions": ["accept"]},
            "“accept” is none of queue, start",
        ),
        ({"url": "https://8.8.8.8/", "article": "7"}, "no story with this number"),
        ({}, "This field is required"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_beside_its_field(sent, said, as_head) -> None:
    page = as_head.post("/desk/webhooks/", sent)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Webhook.objects.exists()


def test_a_chief_pauses_rotates_sends_again_and_deletes(as_head, webhook) -> None:
    address = f"/desk/webhooks/{webhook.uuid}/"
    as_head.post(f"{address}state", {"to": "paused", "version": webhook.version})
    webhook.refresh_from_db()
    assert webhook.is_paused
    page = as_head.post(f"{address}secret")
    assert Webhook.objects.get().secret in page.content.decode()
    first = webhook.deliveries.get(seq=1)
    as_head.post(f"{address}deliveries/{first.uuid}/send")
    assert webhook.deliveries.get(seq=1).by_hand
    as_head.post(f"{address}delete", {"version": 1})
    assert Webhook.objects.exists()
    as_head.post(f"{address}delete", {"version": Webhook.objects.get().version})
    assert not Webhook.objects.exists()


def test_a_state_that_is_none_is_refused(as_head, webhook) -> None:
    assert as_head.post(f"/desk/webhooks/{webhook.uuid}/state", {"to": "x"}).status_code == 400


def test_chiefs_are_told_on_every_page_that_a_webhook_was_paused(as_head, webhook) -> None:
    assert b"is paused" not in as_head.get("/desk/").content
    delivering.pause(webhook, "It answered 410.")
    assert b"is paused" in as_head.get("/desk/").content
    client = Client()
    client.force_login(editor())
    assert b"is paused" not in client.get("/desk/").content


@pytest.mark.parametrize("address", ["/desk/webhooks/", "/desk/tokens/"])
def test_who_is_signed_out_is_sent_to_sign_in(address, db) -> None:
    assert Client().get(address)["Location"].startswith("/desk/sign-in/")


def test_webhooks_are_for_chiefs(webhook) -> None:
    client = Client()
    client.force_login(editor())
    for address in ("/desk/webhooks/", f"/desk/webhooks/{webhook.uuid}/"):
        assert client.get(address).status_code == 403


def test_what_a_receiver_answers_is_shown_as_text(as_head, webhook) -> None:
    webhook.deliveries.update(answer="<script>alert(1)</script>", error="")
    page = as_head.get(f"/desk/webhooks/{webhook.uuid}/").content
    assert b"<script>alert" not in page


def test_the_pages_keep_to_wcag_and_to_the_screen(browser, server, head, webhook) -> None:
    make_token(user=head, name="CMS", expires_at=timezone.now() + timedelta(days=1))
    delivering.pause(webhook, "Every attempt failed for three days.")
    context = context_of(browser, server, head, viewport={"width": 390, "height": 900})
    page = context.new_page()
    for address in ("/desk/tokens/", "/desk/webhooks/", f"/desk/webhooks/{webhook.uuid}/"):
        page.goto(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
