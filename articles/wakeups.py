"""Wake-ups over Redis: "look at the log again". They carry no data and may be lost.

Whoever waits for one also looks by itself every so often, so that a Redis that is down makes
things slower and never wrong.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable

import redis
from django.conf import settings

log = logging.getLogger(__name__)

CHANNEL = "newsdesk:changes"


@functools.cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def tell_of_changes(article_ids: Iterable[int]) -> None:
    """Wake those who follow the log; the message is a comma-separated list of article ids."""
    try:
        _client(settings.REDIS_URL).publish(CHANNEL, ",".join(map(str, sorted(article_ids))))
    except redis.RedisError as error:
        log.warning("no wake-up sent, Redis does not answer: %s", error)
