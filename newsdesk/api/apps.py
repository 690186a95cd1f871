from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "newsdesk.api"
    label = "newsdesk_api"

    def ready(self) -> None:
        from newsdesk.api.hooks import listening

        listening.connect()
