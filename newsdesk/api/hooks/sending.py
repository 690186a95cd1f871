"""One HTTP request to an address that somebody typed: checked, bounded, and led nowhere else.

A name is resolved once, all its addresses must be public, and the connection is made to one of
those very addresses: so that a name which answers differently the next time gains nothing. No
redirect is followed, no proxy asked, little of the answer read, and after TOTAL_SECONDS the
connection is cut, however slowly the other side drips.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from articles.errors import Refused

CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 15.0
ANSWER_BYTES = 2000
MOST_ADDRESSES = 3
AGENT = "Newsdesk-Webhooks/1"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Unsendable(Exception):
    """The address is not one that we send to; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: a status, or an error in words."""

    status: int | None
    error: str
    answer: str
    took_ms: int

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check_url(url: str) -> str:
    """The address, if changes may be sent there. Raises Refused, saying why not."""
    try:
        parts = _parts(url)
        _public_addresses(parts)
    except Unsendable as error:
        raise Refused(str(error), field="url") from error
    return url


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Send a body. Never raises for what the other side does or is."""
    began = time.monotonic()
    status, error, answer = None, "", ""
    try:
        status, answer = _posted(_parts(url), body, headers)
        if not 200 <= status < 300:
            error = f"It answered {status}."
    except Unsendable as refused:
        error = str(refused)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        error = f"{type(failed).__name__}: {failed}"[:300]
        if time.monotonic() - began >= TOTAL_SECONDS:
            error = f"It took longer than {TOTAL_SECONDS:.0f} seconds."
    return Outcome(status, error, answer, int((time.monotonic() - began) * 1000))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise Unsendable("This is no address that can be asked.") from error
    beyond = not (parts.path + parts.query).isascii()
    if beyond or any(ord(sign) <= 0x20 or ord(sign) == 0x7F for sign in url):
        raise Unsendable("Write spaces and letters beyond ASCII as %20 and the like.")
    wanted = ("https", "http") if settings.PRIVATE_WEBHOOKS else ("https",)
    if parts.scheme not in wanted or not host or port == 0:
        raise Unsendable("Give an address that begins with https:// and a host name.")
    if "@" in parts.netloc or parts.fragment:
        raise Unsendable("Give an address without a password and without a #.")
    return parts


def is_public(address: Address) -> bool:
    """Whether it leads to the internet at large, also where it hides an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _public_addresses(parts: SplitResult) -> list[str]:
    """The addresses of its host. Raises Unsendable when one of them is not public."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unsendable(f"There is no host called {host}.") from error
    addresses = list(dict.fromkeys(str(place[0]).partition("%")[0] for *_, place in found))
    if not settings.PRIVATE_WEBHOOKS:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address)):
                raise Unsendable(f"{host} leads to {address}, which is not on the internet.")
    return addresses[:MOST_ADDRESSES]


class _Connection(http.client.HTTPConnection):
    """Connects to addresses that were looked up before, and to nothing else."""

    def __init__(self, parts: SplitResult, addresses: list[str]) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=CONNECT_SECONDS)
        self.default_port = 443 if parts.scheme == "https" else 80
        self.addresses = addresses
        self.secure = parts.scheme == "https"

    def connect(self) -> None:
        self.sock = self._connected()
        self.sock.settimeout(TOTAL_SECONDS)
        if self.secure:
            # The handshake comes after, so that the cut reaches it.
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _connected(self) -> socket.socket:
        failed: OSError = OSError("no address")
        for address in self.addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            plain = socket.socket(family, socket.SOCK_STREAM)
            plain.settimeout(CONNECT_SECONDS)
            try:
                plain.connect((address, self.port))
                return plain
            except OSError as error:
                plain.close()
                failed = error
        raise failed

    def cut(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _posted(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    connection = _Connection(parts, _public_addresses(parts))
    watchdog = threading.Timer(TOTAL_SECONDS, connection.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        given = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
        connection.request("POST", path, body, {**given, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read(ANSWER_BYTES).decode(errors="replace")
    finally:
        watchdog.cancel()
        connection.close()
