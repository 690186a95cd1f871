from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "newsdesk.desk"
    label = "newsdesk_desk"
