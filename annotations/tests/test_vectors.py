from __future__ import annotations

import subprocess
import sys

from django.conf import settings

from annotations.vectors import current_vectors, load_ahead, ready_vectors

FRESH = """
import time, django
django.setup()
from annotations.vectors import current_vectors, load_ahead, ready_vectors
start = time.perf_counter()
early, waited = ready_vectors(0.001), time.perf_counter() - start
loaded = load_ahead().result(60)
print(early is None, waited < 1, ready_vectors(0) is loaded, loaded.network.threads)
# Stories are read with what was loaded for pages, not with a second one.
print(current_vectors().network is loaded.network)
"""


def test_a_new_process_does_not_wait_for_the_model_and_has_it_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FRESH],
        cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["True", "True", "True", "1", "True"], done.stderr


def test_what_is_loaded_for_pages_is_the_model_that_stories_are_read_with() -> None:
    loaded = load_ahead().result(60)
    assert loaded.network.folder == current_vectors().network.folder
    assert ready_vectors(0) is load_ahead().result(0)


def test_another_model_is_loaded_when_it_comes_into_use(settings, tmp_path) -> None:
    first = load_ahead().result(60)
    other = tmp_path / "model"
    other.symlink_to(first.network.folder)
    settings.MODEL = other
    assert load_ahead().result(60).network.folder == other
    settings.MODEL = None
    assert load_ahead().result(60).network.folder == first.network.folder


def test_a_model_that_is_not_there_is_no_reason_to_fail(settings, tmp_path, caplog) -> None:
    load_ahead().result(60)
    settings.MODEL = tmp_path / "nowhere"
    assert ready_vectors(60) is None
    assert "searches are answered by words alone" in caplog.text
    settings.MODEL = None
    assert ready_vectors(60) is not None
