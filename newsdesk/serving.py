"""Static files as they are served: small, compressed, under names that are never used again.

`manage.py collectstatic` puts them into STATIC_ROOT; `make run` does so by itself where a file has
changed. Until then, in tests and with DEBUG, they come from where they stand, as they are written.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Scripts of other packages are served as these ship them.
OURS = ("desk/", "site/")
# Says what the collected files were made from, and with which of our ways to make them.
STAMP = "made-from"
WAY = b"1"
IMPORTED = re.compile(r'^(?:import|export)[^"\'()]*?\bfrom "(\.[^"]+)";|^import "(\.[^"]+)";', re.M)


class StaticFiles(StaticFilesConfig):
    """The app of static files, which leaves out what no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework", "package.json", "LICENSE*", "README*",
        # Those of the admin that are there a second time, made small.
        "jquery.js", "select2.full.js", "select2.css", "xregexp.js",
    ]  # fmt: skip


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash of the contents, in what scripts import too; our scripts made small."""

    support_js_module_import_aggregation = True
    # The sources stay where they are: only what has a name for good is kept and compressed.
    keep_only_hashed_files = True

    def file_hash(self, name: str, content: Any = None) -> str:
        """Shorter than Django's: a module's imports carry the hashes of all that it needs."""
        return (super().file_hash(name, content) or "")[:8]

    def stored_name(self, name: str) -> str:
        """The name itself as long as nothing is collected."""
        return super().stored_name(name) if self.hashed_files else name

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        small = {
            name: (_Small(storage), path) if _is_our_script(name) else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(small, **options)
        if not options.get("dry_run"):
            Path(self.path(STAMP)).write_text(sources(), encoding="utf-8")


class _Small:
    """A storage of scripts, read without comments, needless spaces and long local names."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> ContentFile:
        # Only where files are collected: it brings a runtime of its own, which cannot be forked.
        import minify

        with self._storage.open(path) as source:
            return ContentFile(minify.string("text/javascript", source.read().decode()).encode())


def _is_our_script(name: str) -> bool:
    return name.startswith(OURS) and name.endswith(".js")


def collect() -> None:
    """Collect the static files, unless those that are there were made from the same sources."""
    stamp = Path(settings.STATIC_ROOT) / STAMP
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != sources():
        call_command("collectstatic", interactive=False, verbosity=0)


def sources() -> str:
    """A hash of all files that would be collected. By contents: images change the times."""
    digest = hashlib.blake2b(WAY)
    for finder in finders.get_finders():
        for path, storage in finder.list(StaticFiles.ignore_patterns):
            digest.update(path.encode())
            with storage.open(path) as source:
                digest.update(source.read())
    return digest.hexdigest()


@cache
def modules_of(name: str) -> list[str]:
    """The modules that one needs to run, itself first: a page that names them all gets them in
    one go. What a module asks for later, by `import()`, is not among them."""
    found = [name]
    for module in found:
        path = finders.find(module)
        if path is None:
            raise FileNotFoundError(f"There is no static file {module}.")
        for match in IMPORTED.finditer(Path(path).read_text(encoding="utf-8")):
            needed = posixpath.normpath(f"{posixpath.dirname(module)}/{match[1] or match[2]}")
            if needed not in found:
                found.append(needed)
    return found
