"""Writes trained weights as what the desk runs: three ONNX graphs, with 8-bit integer weights.

python -m annotations.nlp.training.export gold.pt TARGET
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from torch import nn

from annotations.nlp.pieces import HINTS
from annotations.nlp.training.labels import TAGS, TYPES
from annotations.nlp.training.model import HEADS, SIZE, TIE_HEADS, TIE_SIZE, Reader


def _write(module: nn.Module, inputs: dict[str, torch.Tensor], outputs: list[str], path: Path,
           heads: int = 0, size: int = 0) -> None:  # fmt: skip
    """`module` as an ONNX file whose first two axes are free; fused where it has `heads`."""
    axes = {name: {0: "rows"} | ({1: "pieces"} if t.ndim > 1 and heads else {})
            for name, t in inputs.items()}  # fmt: skip
    axes |= {name: {0: "rows"} | ({1: "pieces"} if heads else {}) for name in outputs}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            module.eval(), tuple(inputs.values()), plain, input_names=list(inputs),
            output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        if heads:
            options = optimizer.FusionOptions("bert")
            options.enable_embed_layer_norm = False
            fused = optimizer.optimize_model(
                str(plain), "bert", num_heads=heads, hidden_size=size, optimization_options=options
            )
            fused.save_model_to_file(str(plain))
        quantize_dynamic(
            plain, path, weight_type=QuantType.QInt8, per_channel=True,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
    onnx.checker.check_model(str(path))


def export(reader: Reader, target: Path) -> None:
    """`encoder.onnx`, `ties.onnx` and `sentences.onnx` in the folder `target`."""
    target.mkdir(parents=True, exist_ok=True)
    ids = torch.randint(1000, 2000, (2, 9))
    mask = torch.ones(2, 9)
    inputs = {"ids": ids, "cases": ids % 7, "hints": torch.zeros(2, 9, HINTS), "mask": mask}
    _write(reader.encoder, inputs, ["states", "entities", "cues"], target / "encoder.onnx",
           HEADS, SIZE)  # fmt: skip
    states = torch.randn(2, 9, SIZE)
    cue = torch.zeros(2, 9)
    cue[:, 3] = 1
    _write(reader.ties, {"states": states, "cue": cue, "mask": mask}, ["tags"],
           target / "ties.onnx", TIE_HEADS, TIE_SIZE)  # fmt: skip
    _write(reader.sentences, {"means": torch.randn(3, SIZE)}, ["worth", "vectors"],
           target / "sentences.onnx")  # fmt: skip

    write_config(reader, target)


def write_config(reader: Reader, target: Path) -> None:
    """`config.json`: what the graphs leave out. Calibration starts from none (`calibrate.py`)."""
    path = target / "config.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    plain = [1.0, 0.0]
    config = {
        "version": known.get("version", "1"), "tags": len(TAGS), "size": SIZE,
        "cue_threshold": known.get("cue_threshold", 0.5),
        "transitions": reader.ties.transitions.detach().numpy().round(4).tolist(),
        "calibration": known.get("calibration")
        or {"mentions": dict.fromkeys(TYPES, plain), "attributions": plain},
    }  # fmt: skip
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    reader = Reader()
    reader.load_state_dict(torch.load(sys.argv[1]))
    export(reader, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
