from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from annotations.nlp.network import CLS, HINTS, MODEL, SEP, Network
from annotations.nlp.training.tests.tools import needs_train_tools

pytestmark = needs_train_tools

SENTENCE = (
    "President Edda Halloran told the Korsvik Times on Monday that the dam was safe, and Pavel "
    "Istrin of the Callis Institute for Trade disagreed."
)


@pytest.fixture(scope="module")
def network() -> Network:
    network = Network(MODEL)
    network.load()
    return network


@pytest.fixture(scope="module")
def reader():
    from annotations.nlp.training.restore import restore

    return restore(MODEL).eval()


@pytest.fixture(scope="module")
def inputs(network) -> dict[str, np.ndarray]:
    """The sentence as the encoder takes it."""
    pieces = network.splitter.split(SENTENCE)
    cases, hints = (np.array([[0, *a, 0]], np.int64) for a in (pieces.cases, pieces.hints))
    return {
        "ids": np.array([[CLS, *pieces.ids, SEP]], np.int64),
        "cases": cases,
        "hints": ((hints[..., None] >> np.arange(HINTS)) & 1).astype(np.float32),
        "mask": np.ones(cases.shape, np.float32),
    }


def both(network, part, name: str, inputs: dict[str, np.ndarray]) -> list[tuple]:
    """What the graph and the restored part make of the same, output by output."""
    import torch

    with torch.inference_mode():
        restored = part(*(torch.from_numpy(array) for array in inputs.values()))
    restored = restored if isinstance(restored, tuple) else (restored,)
    graph = network._sessions[name].run(None, inputs)
    return [(a, b.numpy()) for a, b in zip(graph, restored, strict=True)]


def difference(graph: np.ndarray, restored: np.ndarray) -> float:
    """Of the size that the numbers have: the graph rounds what goes into it to 8 bits too."""
    return float(np.abs(graph - restored).mean() / np.abs(graph).mean())


def test_the_restored_encoder_tags_as_the_graph_does(network, reader, inputs) -> None:
    _, *scores = both(network, reader.encoder, "encoder", inputs)
    for graph, restored in scores:
        assert difference(graph, restored) < 0.1
        assert (graph.argmax(-1) == restored.argmax(-1)).mean() > 0.95


def test_the_restored_encoder_has_the_graphs_states(network, reader, inputs) -> None:
    states, *_ = both(network, reader.encoder, "encoder", inputs)
    assert difference(*states) < 0.15


def test_the_restored_ties_are_those_of_the_graph(network, reader, inputs) -> None:
    states = network._sessions["encoder"].run(None, inputs)[0]
    cue = np.zeros(states.shape[:2], np.float32)
    cue[0, 5] = 1
    given = {"states": states, "cue": cue, "mask": inputs["mask"]}
    ((graph, restored),) = both(network, reader.ties, "ties", given)
    assert difference(graph, restored) < 0.1
    assert (graph.argmax(-1) == restored.argmax(-1)).mean() > 0.95


def test_the_restored_transitions_are_those_of_the_decoder(network, reader) -> None:
    given = np.array(network.config["transitions"])
    assert np.allclose(reader.ties.transitions.detach().numpy(), given)


def test_the_restored_vectors_are_those_of_the_graph(network, reader, inputs) -> None:
    means = network._sessions["encoder"].run(None, inputs)[0].mean(1)
    worth, (graph, restored) = both(network, reader.sentences, "sentences", {"means": means})
    assert abs(worth[0] - worth[1]) < 0.1
    assert (graph * restored).sum() > 0.99


def test_graphs_of_another_network_are_refused(tmp_path) -> None:
    from annotations.nlp.training.restore import restore

    for name in ("encoder.onnx", "ties.onnx", "sentences.onnx"):
        shutil.copy(MODEL / name, tmp_path)
    config = json.loads((MODEL / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"transitions": [[0.0]]}))
    with pytest.raises(ValueError, match="is not of this network"):
        restore(tmp_path)
