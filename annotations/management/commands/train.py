"""`manage.py train`: let the desk's reader learn from what its editors decided."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations import learning, weights
from articles.errors import Refused


class Command(BaseCommand):
    help = "Train the reader on the desk's decisions; use the new model if it is not worse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--steps", type=int, default=learning.STEPS, help="at most so many")
        parser.add_argument("--corpora", type=Path, help="folder of the corpora, to go through too")
        parser.add_argument("--force", action="store_true", help="use the new model in any case")
        others = parser.add_mutually_exclusive_group()
        others.add_argument("--list", action="store_true", help="list the models there are")
        others.add_argument("--use", metavar="VERSION", help="use a model that is there")
        others.add_argument("--back", action="store_true", help="use the model used before")

    def handle(self, **options: Any) -> None:
        try:
            self._do(**options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _do(self, *, list: bool, use: str | None, back: bool, **options: Any) -> None:
        if list:
            self._list()
        elif use or back:
            version = weights.go_back() if back else weights.use(str(use))
            self.stdout.write(f"Stories are read with model {version} from now on.")
        else:
            self._train(**options)

    def _list(self) -> None:
        present = weights.model_folder()
        for model in weights.stored_models():
            mark = "*" if model.folder == present else " "
            self.stdout.write(f"{mark} {model.version:16} {described(model)}")

    def _train(self, *, steps: int, corpora: Path | None, force: bool, **options: Any) -> None:
        if steps < 1:
            raise CommandError("It takes one step at least.")
        if corpora and not corpora.is_dir():
            raise CommandError(f"There is no folder {corpora}.")
        done = learning.train(steps=steps, corpora=corpora, force=force, say=self.stdout.write)
        self.stdout.write(done.table())
        if not done.in_use:
            raise CommandError(
                f"Model {done.version} is stored but not used, as it is not as good. "
                f"`manage.py train --use {done.version}` uses it all the same."
            )
        self.stdout.write(f"Stories are read with model {done.version} from now on.")


def described(model: weights.Stored) -> str:
    """In a line when and on what the model was trained, and what that brought."""
    if not model.notes:
        return "shipped"
    return "{at:.16}, {stories} stories, F1 {before:.3f} to {after:.3f}".format(**model.notes)
