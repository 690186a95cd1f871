"""`python -m newsdesk.api.bench`: fill a desk, start its web server, print how fast the API is."""

from __future__ import annotations

import argparse
import os
import time
from importlib import import_module
from pathlib import Path

from newsdesk import benching

PARTS = ("creating", "exporting", "importing", "changes")


def main() -> None:
    options = _options()
    _say(benching.machine())
    with benching.own_servers() as data:
        token = _prepare(options)
        with benching.web_server() as server:
            _measure(data, token, server, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.api.bench", description=__doc__)
    parser.add_argument("--stories", type=int, default=1000)
    parser.add_argument("--annotations", type=int, default=20, help="on each story")
    parser.add_argument("--records", type=int, default=20_000, help="in a file to be imported")
    parser.add_argument("--changes", type=int, default=3_000_000, help="rows of the log")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    return parser.parse_args()


def _measure(data: Path, token: str, server: object, options: argparse.Namespace) -> None:
    from newsdesk.api.bench.desk import Desk

    desk = Desk(
        host=os.environ["NEWSDESK_HOST"], port=int(os.environ["NEWSDESK_PORT"]), token=token,
        server=server, data=data, stories=options.stories,
        annotations=options.stories * options.annotations, clients=options.clients,
        options=vars(options),
    )  # fmt: skip
    for part in options.only:
        for figure in import_module(f"newsdesk.api.bench.{part}").run(desk):
            _say(figure)


def _prepare(options: argparse.Namespace) -> str:
    """The filled database; returns an editor's token."""
    from django.contrib.auth.models import Group, User

    from annotations import seeding
    from articles.roles import CHIEF
    from newsdesk.api.bench.fill import fill
    from newsdesk.api.models import make_token

    began = time.monotonic()
    seeding.make_roles()
    user = User.objects.create_user("bench")
    user.groups.add(Group.objects.get(name=CHIEF))
    fill(stories=options.stories, annotations=options.annotations)
    total = options.stories * options.annotations
    _say(f"filled in {time.monotonic() - began:.0f} s: "
         f"{options.stories:,} stories, {total:,} annotations")  # fmt: skip
    made = make_token(user=user)
    return made if isinstance(made, str) else made[0]


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
