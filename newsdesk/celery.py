"""The Celery application. Redis carries wake-ups only: what is to be done stands in PostgreSQL."""

from __future__ import annotations

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")

# The desk starts everything as whoever started it; in a container that may be root.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

app = Celery("newsdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
