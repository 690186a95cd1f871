"""How many requests a client may make a minute: by token, by person, by address for strangers.

Counted in Redis, in windows of a minute. A Redis that does not answer lets everything through: a
desk that is asked too much is better than one that is shut. Every answer under /api/, but the docs
page and preflights, tells the limit and what is left of it, in the RateLimit fields of the IETF's
draft.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

WINDOW = 60
# A Redis that is slow must not make every request slow: it is left alone for a while.
REDIS_PATIENCE = 0.2
LEFT_ALONE = 5.0


@dataclass(frozen=True)
class Standing:
    """How a client stands in the present window."""

    policy: str
    limit: int
    used: int
    seconds_left: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    def headers(self) -> dict[str, str]:
        left = max(0, self.limit - self.used)
        headers = {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={left};t={self.seconds_left}',
        }
        if self.exceeded:
            headers["Retry-After"] = str(self.seconds_left)
        return headers


class Limit(BaseThrottle):
    """REST framework's hook."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        self._standing = spend(request, view)
        return self._standing is None or not self._standing.exceeded

    def wait(self) -> float | None:
        return self._standing.seconds_left if self._standing else None


def spend(request: Request, view: APIView) -> Standing | None:
    """Count this request and put how its client stands into the answer's headers; None where
    nothing is counted."""
    policy, limit, who = _whose(request)
    standing = _counted(policy, limit, who) if limit else None
    if standing:
        view.headers |= standing.headers()
    return standing


def _whose(request: Request) -> tuple[str, int, str]:
    """The policy's name, its limit, and whom it counts for."""
    if request.auth is not None:
        return "token", settings.REQUESTS_A_MINUTE, f"token:{request.auth.pk}"
    if request.user.is_authenticated:
        return "person", settings.REQUESTS_A_MINUTE, f"person:{request.user.pk}"
    address = network_of(request.META.get("REMOTE_ADDR", ""))
    return "address", settings.STRANGERS_REQUESTS_A_MINUTE, f"address:{address}"


def network_of(address: str) -> str:
    """What counts as one stranger: an IPv4 address; of IPv6 the 64 bits that a home is given."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))


_alone_until = 0.0


def _counted(policy: str, limit: int, who: str) -> Standing | None:
    global _alone_until  # noqa: PLW0603 - one Redis a process
    if time.monotonic() < _alone_until:
        return None
    now = time.time()
    window = int(now // WINDOW)
    key = f"newsdesk:limit:{who}:{window}"
    try:
        pipe = _client(settings.REDIS_URL).pipeline(transaction=False)
        used, _ = pipe.incr(key).expire(key, WINDOW * 2).execute()
    except redis.RedisError as error:
        log.warning("requests are not counted, Redis does not answer: %s", error)
        _alone_until = time.monotonic() + LEFT_ALONE
        return None
    return Standing(policy, limit, used, seconds_left=max(1, int((window + 1) * WINDOW - now)))


@functools.cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_timeout=REDIS_PATIENCE, socket_connect_timeout=REDIS_PATIENCE
    )
