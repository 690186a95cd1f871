"""Deliveries: planned from the log, in order, tried again, paused, and never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from annotations import deciding
from annotations.tests.factories import suggest
from articles.changes import Change, last_seq
from articles.tests.factories import chief, make_article
from newsdesk.api.hooks import delivering, listening, managing, signing
from newsdesk.api.models import Delivery, Webhook
from newsdesk.api.tests.receiving import Message, Receiver, receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def there(settings) -> Iterator[Receiver]:
    settings.PRIVATE_WEBHOOKS = True
    listening.known.forget()
    with receiver() as running:
        yield running


@pytest.fixture
def webhook(there) -> Webhook:
    return managing.create_webhook(actor=chief(username="head"), url=there.url)


def deliver(webhook: Webhook) -> Webhook:
    """What a worker does when it is woken; it is woken again by hand."""
    delivering.deliver(webhook.pk, wake=lambda _: None)
    webhook.refresh_from_db()
    return webhook


def due(webhook: Webhook, **fields: Any) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(due_at=timezone.now(), **fields)


def is_signed(message: Message, secret: str) -> bool:
    """As a receiver checks it."""
    timestamp = int(message.headers["webhook-timestamp"])
    made = signing.signature(secret, message.id, timestamp, message.body)
    return made in message.headers["webhook-signature"].split(" ")


# What is sent


def test_each_change_is_sent_once_signed_and_in_order(webhook, there) -> None:
    make_article()
    deliver(webhook)
    deliver(webhook)
    assert there.seqs == list(range(1, last_seq() + 1))
    assert len({message.id for message in there.got}) == len(there.got)
    assert all(is_signed(message, webhook.secret) for message in there.got)
    assert webhook.seen == last_seq()
    assert not Delivery.objects.exclude(state="delivered").exists()


def test_a_message_tells_what_the_log_tells(webhook, there) -> None:
    make_article()
    deliver(webhook)
    change = Change.objects.get(seq=1)
    assert there.got[0].data == {
        "seq": 1, "actor": None, "agent": "", "action": change.action, "subject_type": "revision",
        "subject_id": change.subject_id, "article": change.article_id, "before": None,
        "after": change.after,
    }  # fmt: skip
    assert b'"type": "revision.create"' in there.got[0].body


def test_what_is_too_large_to_push_is_told_of(webhook, there) -> None:
    make_article("Word. " * 60_000)
    deliver(webhook)
    data = there.got[0].data
    assert data["truncated"] is True
    assert "after" not in data
    assert data["href"].endswith("/api/changes/?after=0&limit=1")


def test_only_what_passes_the_filter_is_sent(there) -> None:
    head = chief()
    article, other = make_article("Ana Ruiz spoke.", outlet="Amaro Post"), make_article()
    one = managing.create_webhook(
        actor=head, url=there.url, types=["annotation"], actions=["accept", "reject"],
        article=article, outlet=article.outlet,
    )  # fmt: skip
    mention = suggest(article, "entity", "Ana Ruiz")
    deciding.reject(annotation=mention, editor=head, seen_version=1)
    deciding.reopen(annotation=mention, editor=head, seen_version=2)
    elsewhere = suggest(other, "entity", "Ana Ruiz")
    deciding.reject(annotation=elsewhere, editor=head, seen_version=1)
    deliver(one)
    assert [message.data["action"] for message in there.got] == ["reject"]
    assert one.seen == last_seq()


def test_a_webhook_may_begin_with_what_was_before(there) -> None:
    make_article()
    deliver(managing.create_webhook(actor=None, url=there.url, after=1))
    assert there.seqs[0] == 2


def test_a_long_log_is_gone_through_in_steps(there, monkeypatch) -> None:
    monkeypatch.setattr(delivering, "ROWS", 2)
    monkeypatch.setattr(delivering, "WINDOW", 3)
    for _ in range(3):
        make_article()
    deliver(managing.create_webhook(actor=None, url=there.url, after=0))
    assert there.seqs == list(range(1, last_seq() + 1))


# What fails


def test_a_failure_holds_up_what_comes_after_it(webhook, there) -> None:
    make_article()
    there.answers = [204, 500]
    deliver(webhook)
    assert there.seqs == [1, 2]
    assert webhook.failures == 1
    assert webhook.due_at > timezone.now()
    deliver(webhook)
    assert there.seqs == [1, 2]
    due(webhook)
    deliver(webhook)
    assert there.seqs == [1, 2, *range(2, last_seq() + 1)]
    assert there.got[1].id == there.got[2].id
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_the_pauses_grow_to_six_hours_and_last_three_days() -> None:
    pauses = [delivering.pause_after(n) for n in range(1, 40)]
    assert pauses[:3] == [timedelta(seconds=s) for s in (5, 10, 20)]
    assert max(pauses) == timedelta(hours=6)
    waited, attempts = timedelta(), 0
    while waited < delivering.PATIENCE:
        waited += pauses[attempts]
        attempts += 1
    assert 15 <= attempts <= 40


def test_after_three_days_of_failures_it_is_paused_with_a_reason(webhook, there) -> None:
    make_article()
    there.answers = [503]
    due(webhook, failing_since=timezone.now() - timedelta(days=3, minutes=1), failures=20)
    deliver(webhook)
    assert webhook.is_paused
    assert "three days" in webhook.paused_because
    assert "503" in webhook.paused_because


def test_who_answers_that_it_is_gone_is_paused_at_once(webhook, there) -> None:
    make_article()
    there.answers = [410]
    assert deliver(webhook).is_paused


def test_a_paused_webhook_gets_nothing_and_then_all_of_it(webhook, there) -> None:
    head = chief()
    webhook = managing.set_state(webhook=webhook, state="paused", seen_version=1, actor=head)
    make_article()
    deliver(webhook)
    assert there.got == []
    webhook = managing.set_state(
        webhook=webhook, state="active", seen_version=webhook.version, actor=head
    )
    deliver(webhook)
    assert there.seqs == list(range(1, last_seq() + 1))


# Again, by hand


def test_a_delivery_is_sent_again_by_hand_under_the_same_id(webhook, there) -> None:
    make_article()
    deliver(webhook)
    before = len(there.got)
    managing.send_again(delivery=webhook.deliveries.get(seq=2))
    deliver(webhook)
    assert there.seqs[before:] == [2]
    assert there.got[-1].id == there.got[1].id


def test_what_fails_by_hand_holds_up_nothing(webhook, there) -> None:
    make_article()
    deliver(webhook)
    managing.send_again(delivery=webhook.deliveries.get(seq=1))
    there.answers = [500]
    make_article()
    deliver(webhook)
    assert webhook.failures == 0
    assert there.seqs[-1] == last_seq()
    assert webhook.deliveries.get(seq=1).state == "failed"


def test_a_paused_webhook_can_be_tried_by_hand(webhook, there) -> None:
    make_article()
    there.answers = [410]
    deliver(webhook)
    managing.send_again(delivery=webhook.deliveries.get(seq=1))
    deliver(webhook)
    assert there.seqs == [1, 1]
    assert webhook.is_paused


# Secrets


def test_for_a_day_both_secrets_sign(webhook, there) -> None:
    old = webhook.secret
    webhook = managing.rotate_secret(webhook=webhook)
    make_article()
    deliver(webhook)
    assert is_signed(there.got[0], old)
    assert is_signed(there.got[0], webhook.secret)
    Webhook.objects.update(former_until=timezone.now())
    make_article()
    deliver(webhook)
    assert not is_signed(there.got[-1], old)
    assert is_signed(there.got[-1], webhook.secret)


# Nothing is lost


def test_two_workers_at_once_send_nothing_twice(webhook, there) -> None:
    for _ in range(4):
        make_article()

    def work() -> None:
        delivering.deliver(webhook.pk, wake=lambda _: None)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert there.seqs == list(range(1, last_seq() + 1))


def test_the_sweep_wakes_for_what_redis_lost_and_for_nothing_else(webhook, there) -> None:
    woken: list[int] = []
    assert delivering.sweep(woken.append) == []
    make_article()
    assert delivering.sweep(woken.append) == [webhook.pk] == woken
    there.answers = [500]
    deliver(webhook)
    assert delivering.sweep(woken.append) == []
    due(webhook)
    assert delivering.sweep(woken.append) == [webhook.pk]
    with delivering.webhook_lock(webhook.pk):
        assert connection_of_another(lambda: delivering.sweep(woken.append)) == []


def connection_of_another(what: Any) -> Any:
    found: list[Any] = []

    def ask() -> None:
        found.append(what())
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return found[0]


def test_a_worker_that_is_killed_in_mid_delivery_loses_nothing(webhook, there) -> None:
    for _ in range(3):
        make_article()
    reached = threading.Event()

    def hang(handler: Any) -> None:
        reached.set()
        time.sleep(20)

    there.answers = [204, hang]
    script = (
        "import django; django.setup()\n"
        "from newsdesk.api.hooks.delivering import deliver\n"
        f"deliver({webhook.pk})\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "newsdesk.settings", "NEWSDESK_PRIVATE_WEBHOOKS": "1",
        "DATABASE_URL": address_of_the_database(),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=django_settings.BASE_DIR, env=environment
    )
    assert reached.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 10
    while not delivering._is_free(webhook.pk) and time.monotonic() < end:
        time.sleep(0.05)
    deliver(webhook)
    assert there.seqs == [1, 2, *range(2, last_seq() + 1)]
    assert there.got[1].id == there.got[2].id


def address_of_the_database() -> str:
    """The address of the tests' own database, for another process."""
    url, name = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    return f"{url.rpartition('/')[0]}/{name}"


def test_a_write_wakes_a_worker_once_in_a_while(webhook, monkeypatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(delivering, "wake_worker", woken.append)
    listening.known.forget()
    for _ in range(5):
        make_article()
    # Not five times; twice at most, on a machine so slow that the while is over.
    assert woken in ([webhook.pk], [webhook.pk] * 2)


def test_a_write_that_no_webhook_waits_for_asks_nothing_of_the_database(
    django_assert_num_queries,
) -> None:
    listening.known.forget()
    make_article()
    with django_assert_num_queries(0):
        listening._wake()


def test_old_deliveries_are_forgotten_unless_they_wait(webhook, there) -> None:
    make_article()
    there.answers = [204, 500]
    deliver(webhook)
    later = timezone.now() + timedelta(days=31)
    assert delivering.forget_old(later) == 1
    assert set(webhook.deliveries.values_list("state", flat=True)) == {"pending"}
