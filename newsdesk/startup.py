"""Bring database and static files up to date, in one process: `python -m newsdesk.startup`.

Safe to run again at every start. Exits with status 1 and one line when the database is out of
reach.
"""

from __future__ import annotations

import argparse
import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from annotations.nlp import spacy_pipeline
from newsdesk import serving


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m newsdesk.startup", description=__doc__)
    parser.add_argument("--wait", action="store_true", help="begin once stdin is closed")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    django.setup()
    serving.collect()
    if options.wait:
        sys.stdin.read()
    spacy_pipeline.suggesters(settings.SPACY_PIPELINE)  # says if it cannot be had
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("setup_desk")
    except OperationalError as error:
        sys.stderr.write(f"the database does not answer: {str(error).splitlines()[0]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
