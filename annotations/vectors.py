"""The model's vectors of short texts, for the parts that know Django.

To load the model takes a second: who reads or writes waits for it (`current_vectors`), a page does
not (`ready_vectors`). What serves pages loads what can be shared before it forks (`prepare`), and
in each process, in a thread of its own, the rest (`load_ahead`): the runtime cannot be forked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from annotations.nlp.network import Network

log = logging.getLogger(__name__)


class Vectors:
    """The vectors of one version of the model: only these can be compared with each other."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.version = str(network.config["version"])

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """A unit vector for each text, as the rows of an array: near ones mean alike."""
        return self.network.vectors(texts)


def current_vectors() -> Vectors:
    """Those of the model at work."""
    # Not at the top: every process imports this module, and few of them read.
    from annotations.nlp.reader import reader_at
    from annotations.weights import model_folder

    return Vectors(reader_at(model_folder()).network)


def prepare() -> None:
    """Load what processes that are forked can share: all but the runtime and its weights."""
    try:
        _ = current_vectors().network.splitter
    except Exception:
        log.exception("the model cannot be read")


@dataclass
class _Loading:
    """A model on its way, and where it is loaded from."""

    future: Future[Vectors] = field(default_factory=Future)
    folder: Path | None = None


_lock = threading.Lock()
_loading: _Loading | None = None


def load_ahead() -> Future[Vectors]:
    """Load the model at work, in a thread of its own; once, as long as that is the one."""
    global _loading  # noqa: PLW0603 - one model a process
    with _lock:
        if _loading is None or _is_of_another_model(_loading):
            _loading = _Loading()
            threading.Thread(target=_load, args=(_loading,), name="model", daemon=True).start()
        return _loading.future


def _is_of_another_model(loading: _Loading) -> bool:
    if not loading.future.done():
        return False
    from annotations.weights import model_folder

    return loading.folder != model_folder()


def _load(loading: _Loading) -> None:
    from annotations.weights import model_folder

    try:
        loading.folder = model_folder()
        vectors = current_vectors()
        # The other cores, and what is left of this one, are for pages.
        vectors.network.threads = vectors.network.threads or 1
        vectors.network.load()
        loading.future.set_result(vectors)
    except Exception as error:
        log.exception("the model cannot be loaded: searches are answered by words alone")
        loading.future.set_exception(error)


def ready_vectors(patience: float) -> Vectors | None:
    """Those of the model at work if they are there within so many seconds; None while they are
    being loaded, which this begins, and where they cannot be loaded."""
    try:
        return load_ahead().result(patience)
    except Exception:  # noqa: BLE001 - too late, or it was logged as it failed
        return None
