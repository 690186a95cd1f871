"""The desk that is measured, and clients of it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass
class Desk:
    """Where the measured desk is, who asks it, and what it was filled with."""

    host: str
    port: int
    token: str
    server: psutil.Process
    data: Path
    stories: int
    annotations: int
    clients: int = 8
    options: Mapping[str, Any] = field(default_factory=dict)

    def client(self) -> Client:
        """A connection that stays open, with an editor's token."""
        return Client(self)

    def memory(self) -> int:
        """Bytes that the web server's processes hold, together."""
        processes = [self.server, *self.server.children(recursive=True)]
        return sum(process.memory_info().rss for process in processes)


class Client:
    """One REST client on one connection."""

    def __init__(self, desk: Desk) -> None:
        self._connection = http.client.HTTPConnection(desk.host, desk.port, timeout=600)
        self._headers = {"Authorization": f"Token {desk.token}"}

    def ask(
        self, method: str, path: str, data: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of the answer."""
        body = None if data is None else json.dumps(data).encode()
        return self.send(method, path, body, "application/json", headers)

    def send(
        self, method: str, path: str, body: bytes | None, media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Status and body of the answer to a body as it is."""
        sent = {**self._headers, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = media_type
        self._connection.request(method, path, body, sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def stream(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[bytes]:
        """The body of the answer in pieces, as they come."""
        self._connection.request("GET", path, None, {**self._headers, **(headers or {})})
        answer = self._connection.getresponse()
        while piece := answer.read1(1 << 16):
            yield piece

    def close(self) -> None:
        self._connection.close()
