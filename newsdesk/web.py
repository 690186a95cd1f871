"""The web server: `python -m newsdesk.web`, on NEWSDESK_HOST and NEWSDESK_PORT.

The supervisor hands it a socket that is already listening, so that the port stays ours, and
browsers wait instead of being refused, while the server starts or starts again.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from dotenv import load_dotenv

# Open event streams never end by themselves; browsers come back for them.
GRACE_SECONDS = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.web", description=__doc__)
    parser.add_argument("--fd", type=int, help="serve this listening socket")
    parser.add_argument("--wait", action="store_true", help="serve once stdin is closed")
    options = parser.parse_args()
    # What .env says comes first, as everywhere.
    load_dotenv(Path(__file__).resolve().parent.parent / ".env")
    os.environ.setdefault("NEWSDESK_KEEP_CONNECTIONS", "1")
    application = _loaded_application()
    if options.wait:
        sys.stdin.read()
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            host=os.environ.get("NEWSDESK_HOST", "127.0.0.1"),
            port=int(os.environ.get("NEWSDESK_PORT", "8000")),
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    server.run(sockets=None if options.fd is None else [socket.socket(fileno=options.fd)])


def _loaded_application() -> Any:
    """The application with its addresses loaded, which is most of what a first request costs."""
    from django.urls import get_resolver

    from newsdesk.asgi import application

    get_resolver().url_patterns  # noqa: B018
    return application


if __name__ == "__main__":
    main()
