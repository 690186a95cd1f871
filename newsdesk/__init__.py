"""The project package: settings, addresses, processes, and the three faces."""

from __future__ import annotations

from newsdesk.celery import app as celery_app

__all__ = ["celery_app"]
