"""`manage.py token USERNAME`: prints a new API token and nothing else; or lists or revokes them."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.errors import Refused
from articles.roles import Scope
from newsdesk.api.models import ApiToken, make_token

COLUMNS = "{:<12} {:<24} {:<50} {:<16} {}"


class Command(BaseCommand):
    help = "Print a new API token for a user (it cannot be shown again), or list or revoke theirs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="token", help="what it is for")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, metavar="SCOPE",
            help=f"may be given several times; default: all of {', '.join(Scope.values)}",
        )  # fmt: skip
        parser.add_argument("--days", type=int, help="until it expires; default: never")
        parser.add_argument("--list", action="store_true", help="list the user's tokens")
        parser.add_argument("--revoke", metavar="PREFIX", help="revoke the one that begins so")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user called {username}.")
        if options["list"]:
            self._list(user)
        elif options["revoke"]:
            self._revoke(user, options["revoke"])
        else:
            self._make(user, options)

    def _make(self, user: User, options: dict[str, Any]) -> None:
        days = options["days"]
        if days is not None and not 1 <= days <= 36_500:
            raise CommandError("Give 1 to 36500 days.")
        expires = timezone.now() + timedelta(days=days) if days else None
        scopes = options["scope"] or Scope.values
        try:
            key = make_token(
                user=user, name=options["name"][:100], scopes=scopes, expires_at=expires
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(key)

    def _list(self, user: User) -> None:
        self.stdout.write(COLUMNS.format("BEGINS WITH", "NAME", "SCOPES", "LAST USED", "EXPIRES"))
        for token in ApiToken.objects.of(user):
            used, expires = (
                f"{at:%Y-%m-%d %H:%M}" if at else "never"
                for at in (token.last_used_at, token.expires_at)
            )
            scopes = " ".join(token.scopes)
            self.stdout.write(COLUMNS.format(token.prefix, token.name, scopes, used, expires))

    def _revoke(self, user: User, prefix: str) -> None:
        found = list(ApiToken.objects.of(user).filter(prefix=prefix[:10]))
        if len(found) != 1:
            raise CommandError(f"{user.username} has {len(found)} tokens that begin with {prefix}.")
        found[0].delete()
        self.stdout.write(f"Revoked {found[0]}.")
