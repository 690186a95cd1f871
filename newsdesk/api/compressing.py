"""Streams compressed as the client asks for: zstd or gzip, whichever it likes better."""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard

# Levels at which a core compresses about as fast as PostgreSQL writes.
GZIP_LEVEL, ZSTD_LEVEL = 1, 1
AS_GZIP = 31  # zlib's window bits for the gzip header


class Squeezer(Protocol):
    """Takes a stream piece by piece; what it gives, in order, is the compressed stream."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class Untouched:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def chosen(accepted: str) -> str:
    """The encoding for an Accept-Encoding header; empty for none."""
    wishes = dict(_wish(part) for part in accepted.split(",") if part.strip())
    found = [(wishes.get(name, wishes.get("*", 0.0)), name) for name in ("gzip", "zstd")]
    quality, name = max(found)
    return name if quality > 0 and quality >= wishes.get("identity", 0.0) else ""


def _wish(part: str) -> tuple[str, float]:
    name, _, parameter = part.partition(";")
    key, _, value = parameter.strip().partition("=")
    try:
        quality = float(value) if key.strip().lower() == "q" else 1.0
    except ValueError:
        quality = 0.0
    return name.strip().lower(), quality


def squeezer(encoding: str) -> Squeezer:
    if encoding == "gzip":
        return zlib.compressobj(GZIP_LEVEL, wbits=AS_GZIP)
    if encoding == "zstd":
        return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()
    return Untouched()
