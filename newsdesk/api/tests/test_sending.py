"""Requests to addresses that somebody typed: what is refused, and what bounds the rest."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import Any

import pytest

from articles.errors import Refused
from newsdesk.api.hooks import sending, signing
from newsdesk.api.tests.receiving import receiver

LOOKED_UP = socket.getaddrinfo


@pytest.fixture
def private(settings) -> None:
    settings.PRIVATE_WEBHOOKS = True


def lead_to(monkeypatch, *answers: str) -> list[str]:
    """Let any name lead to these addresses, one after the other; returns who was asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        address = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return LOOKED_UP(address, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:c0a8:101::1", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)  # fmt: skip
def test_an_address_that_is_not_on_the_internet_is_none(address) -> None:
    assert not sending.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07::1", "64:ff9b::808:808"]
)
def test_an_address_on_the_internet_is_one(address) -> None:
    assert sending.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "ftp://example.org/", "http://example.org/", "https://", "https:///hook",
        "https://user:secret@example.org/", "https://example.org/#part", "https://example.org:0/",
        "https://example.org:99999/", "https://exa mple.org/", "https://example.org/a b",
        "https://example.org/ä", "https://[::1/", "https://\x00/", "//example.org/",
        "file:///etc/passwd", "https://" + "a" * 64 + ".org/", "https://../",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_in_words(url, monkeypatch) -> None:
    lead_to(monkeypatch, "93.184.215.14")
    with pytest.raises(Refused) as refused:
        sending.check_url(url)
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/", "https://127.0.0.1/", "https://2130706433/", "https://0x7f000001/",
        "https://127.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/",
    ],
)  # fmt: skip
def test_loopback_is_refused_however_it_is_written(url) -> None:
    with pytest.raises(Refused, match=r"not on the internet|no host called"):
        sending.check_url(url)


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch) -> None:
    def both(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        public, private = (LOOKED_UP(a, port, *args, **kwargs) for a in ("8.8.8.8", "10.0.0.1"))
        return public + private

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match=r"10\.0\.0\.1"):
        sending.check_url("https://example.org/")


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(monkeypatch) -> None:
    asked = lead_to(monkeypatch, "8.8.8.8", "127.0.0.1")
    sending.check_url("https://example.org/hook")
    outcome = sending.post("https://example.org/hook", b"{}", {})
    assert outcome.status is None
    assert "127.0.0.1, which is not on the internet" in outcome.error
    assert len(asked) == 2


def test_a_name_is_looked_up_once_for_each_message(monkeypatch, private) -> None:
    with receiver() as there:
        port = there.url.rpartition(":")[2]
        asked = lead_to(monkeypatch, "127.0.0.1", "10.255.255.1")
        assert sending.post(f"http://example.org:{port}", b"{}", {}).is_good
        assert asked == ["example.org"]
        assert there.got[0].headers["host"] == f"example.org:{port.partition('/')[0]}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status, private) -> None:
    with receiver() as there:
        there.answers = [status]
        outcome = sending.post(there.url, b"{}", {})
    assert (outcome.status, outcome.is_good) == (status, False)
    assert len(there.got) == 1


def test_of_an_endless_answer_little_is_read(private) -> None:
    def go_on(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(b"x" * 1000)
        except OSError:
            pass

    with receiver() as there:
        there.answers = [go_on]
        outcome = sending.post(there.url, b"{}", {})
    assert outcome.is_good
    assert len(outcome.answer) == sending.ANSWER_BYTES


def test_an_answer_that_drips_is_cut(private, monkeypatch) -> None:
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.5)

    def drip(handler: Any) -> None:
        try:
            for _ in range(100):
                handler.wfile.write(b"X")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    began = time.monotonic()
    with receiver() as there:
        there.answers = [drip]
        outcome = sending.post(there.url, b"{}", {})
    assert time.monotonic() - began < 3
    assert outcome.status is None
    assert "longer than" in outcome.error


def test_what_speaks_no_tls_is_an_error_in_words(private) -> None:
    with receiver() as there:
        outcome = sending.post(there.url.replace("http://", "https://"), b"{}", {})
    assert outcome.status is None
    assert "SSL" in outcome.error


def test_where_nobody_listens_is_an_error_in_words(private) -> None:
    outcome = sending.post("http://127.0.0.1:1/", b"{}", {})
    assert outcome.status is None
    assert outcome.error.startswith("ConnectionRefusedError")


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of the specification of the Standard Webhooks."""
    made = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
