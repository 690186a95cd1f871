"""The model's vectors of short texts, for the parts that know Django."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from annotations.nlp.network import Network


class Vectors:
    """The vectors of one version of the model: only these can be compared with each other."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.version = str(network.config["version"])

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """A unit vector for each text, as the rows of an array: near ones mean alike."""
        return self._network.vectors(texts)


def current_vectors() -> Vectors:
    """Those of the model at work."""
    # Not at the top: every process imports this module, and few of them read.
    from annotations.nlp.reader import reader_at
    from annotations.weights import model_folder

    return Vectors(reader_at(model_folder()).network)
