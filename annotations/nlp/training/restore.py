"""From the ONNX graphs of a model's folder back to the network that can be trained on.

What is lost in 8 bits stays lost: the weights are those that the desk runs, not those that were
exported. Each product of matrices is known by the path of the module that made it, which is in the
name of its output ("/layers.0/up/MatMul_output_0..."); the optimizer that fused the attention put
query, key and value side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from annotations.nlp.training.model import Reader

Arrays = dict[str, np.ndarray]
_PRODUCT = re.compile(r"^/(?P<path>.+)/(MatMul|Gemm)_")
_ATTENTION = re.compile(r"^/(?P<path>layers\.\d+)/")


def restore(folder: Path) -> Reader:
    """The reader whose graphs, and what these leave out in `config.json`, are in `folder`.

    Raises ValueError when a weight is missing, is one too many, or has another shape than the
    network's.
    """
    reader = Reader()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    _load(reader.encoder, folder / "encoder.onnx")
    _load(reader.ties, folder / "ties.onnx", transitions=np.array(config["transitions"]))
    _load(reader.sentences, folder / "sentences.onnx")
    return reader


def _load(part: nn.Module, path: Path, **others: np.ndarray) -> None:
    arrays = _weights(path) | others
    found = {name: torch.from_numpy(np.array(a, np.float32)) for name, a in arrays.items()}
    try:
        part.load_state_dict(found, strict=True)
    except RuntimeError as error:
        raise ValueError(f"{path} is not of this network: {error}") from error


def _weights(path: Path) -> Arrays:
    """The weights of a graph by the names that the network gives them."""
    graph = onnx.load(str(path)).graph
    arrays = _float_arrays(graph)
    found = {name: array for name, array in arrays.items() if _is_named(name)}
    for node in graph.node:
        if node.op_type in ("MatMulInteger", "MatMul") and node.input[1] in arrays:
            found[f"{_module(node.output[0])}.weight"] = arrays[node.input[1]].T
        elif node.op_type in ("QAttention", "Attention"):
            found |= _attention(node, arrays)
    return found


def _float_arrays(graph: onnx.GraphProto) -> Arrays:
    """The graph's constants by the names that its nodes use, those of 8 bits as the floats that
    they stand for: per column where each column has a scale of its own."""
    raw = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    found = dict(raw)
    for name, array in raw.items():
        plain = name.removesuffix("_quantized")
        if plain != name:
            zero = raw[f"{plain}_zero_point"].astype(np.int32)
            found[name] = (array.astype(np.int32) - zero) * raw[f"{plain}_scale"]
    return found | {name.removesuffix("_quantized"): array for name, array in found.items()}


def _is_named(name: str) -> bool:
    """Whether it is a parameter that the export left its own name: all but the matrices."""
    return name == "marked" or (
        name.endswith((".weight", ".bias")) and not name.startswith(("onnx::", "/"))
    )


def _module(output: str) -> str:
    """ "/worth/worth.1/Gemm_output..." is of "worth.1": a child repeats what it is a child of."""
    match = _PRODUCT.match(output)
    if not match:
        raise ValueError(f"no module is known to make {output}")
    return ".".join(_without_repeats(match["path"].split("/")))


def _without_repeats(names: list[str]) -> Iterator[str]:
    for name, child in zip(names, [*names[1:], ""], strict=True):
        if not child.startswith(f"{name}."):
            yield name


def _attention(node: onnx.NodeProto, arrays: Arrays) -> Arrays:
    """Query, key and value of a fused attention, (size, 3 * size) as a weight and 3 * size as a
    bias, as the weights of three layers."""
    match = _ATTENTION.match(node.output[0])
    if not match:
        raise ValueError(f"no layer is known to make {node.output[0]}")
    weights = np.split(arrays[node.input[1]].T, 3)
    biases = np.split(arrays[node.input[2]], 3)
    found: Arrays = {}
    for name, weight, bias in zip(("query", "key", "value"), weights, biases, strict=True):
        found[f"{match['path']}.{name}.weight"] = weight
        found[f"{match['path']}.{name}.bias"] = bias
    return found
