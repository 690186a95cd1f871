"""Trains the reader: a silver stage, rounds of gold, and a blend of what the rounds gave.

    python -m annotations.nlp.training.train --corpora FOLDER --start MINILM --work FOLDER

MINILM is the folder of all-MiniLM-L6-v2's `model.safetensors`. What is done lies in the work
folder, with a log of losses and a checkpoint after every few hundred steps: run again, it goes on
from there. It ends in `gold.pt`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from annotations.nlp.pieces import Splitter
from annotations.nlp.training import teaching
from annotations.nlp.training.encoded import CLS, SEP, Corpus, Window, batch_of, shuffled, windows
from annotations.nlp.training.model import Reader, Weights, losses

MODEL = Path(__file__).parents[1] / "model"


@dataclass
class Stage:
    """`rate` is the highest learning rate, reached after a tenth of the steps; it falls to 0."""

    name: str
    epochs: int
    rate: float
    longest: int = 160
    pieces: int = 1200
    seed: int = 1


# Each goes on from the one before; the weights that ship are their blend, by these shares, which
# were chosen on the dev sets.
ROUNDS = (
    (Stage("gold1", 2, 2.5e-4, seed=2), 0.1),
    (Stage("gold2", 4, 2e-4, seed=3), 0.125),
    (Stage("gold3", 2, 2e-4, seed=4), 0.1),
    (Stage("gold4", 1, 1.5e-4, seed=5), 0.175),
    (Stage("gold5", 1, 8e-5, seed=6), 0.5),
)


def vectors_of(start: Path, corpus: Corpus, most: int) -> None:
    """Teach the first `most` sentences' vectors: those of the model that we start from."""
    reader = Reader()
    reader.start_from(start)
    reader.eval()
    count = min(most, len(corpus.bounds))
    corpus.vectors = np.zeros((len(corpus.bounds), 384), np.float32)
    order = sorted(range(count), key=lambda i: int(corpus.bounds[i, 1] - corpus.bounds[i, 0]))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for k in range(0, count, 64):
            runs = [corpus.bounds[i] for i in order[k : k + 64]]
            rows = [[CLS, *corpus.pieces.ids[a : min(b, a + 200)], SEP] for a, b in runs]
            longest = max(map(len, rows))
            ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
            mask = torch.tensor([[1.0] * len(r) + [0.0] * (longest - len(r)) for r in rows])
            zeros = torch.zeros_like(ids)
            states, *_ = reader.encoder(ids, zeros, torch.zeros(*ids.shape, 5), mask)
            mean = (states.float() * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            corpus.vectors[order[k : k + 64]] = torch.nn.functional.normalize(mean, dim=-1).numpy()


def _epoch(
    taught: list[tuple[Corpus, float]], rng: np.random.Generator, longest: int
) -> list[Window]:
    found: list[Window] = []
    for corpus, times in taught:
        for _ in range(int(times)):
            found += windows(corpus, rng, longest)
        rest = windows(corpus, rng, longest)
        part = rng.permutation(len(rest))[: round((times % 1) * len(rest))]
        found += [rest[i] for i in part.tolist()]
    return found


def train(
    reader: Reader, taught: list[tuple[Corpus, float]], stage: Stage, work: Path, weights: Weights
) -> None:
    """Run a stage, or what is left of it; the mean of the late weights is what stays.

    The averaging is by a decay of 0.998 a step (Polyak and Juditsky 1992).
    """
    torch.manual_seed(stage.seed)
    reader.encoder.words.requires_grad_(False)  # rare names keep the place that they have
    trained = [p for p in reader.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
        ],
        lr=stage.rate,
    )
    rng = np.random.default_rng(stage.seed)
    epochs = [list(shuffled(_epoch(taught, rng, stage.longest), rng, stage.pieces))
              for _ in range(stage.epochs)]  # fmt: skip
    batches = [batch for epoch in epochs for batch in epoch]
    done, checkpoint = 0, work / f"{stage.name}.checkpoint.pt"
    mean = {name: p.detach().clone() for name, p in reader.state_dict().items()}
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        mean, done = saved["mean"], saved["done"]
    reader.train()
    seen: dict[str, list[float]] = defaultdict(list)
    began = time.monotonic()
    for step in range(done, len(batches)):
        share = step / len(batches)
        factor = min(share / 0.1, (1 - share) / 0.9) if share < 0.1 else (1 - share) / 0.9
        for group in optimizer.param_groups:
            group["lr"] = stage.rate * max(factor, 0.01)
        batch = batch_of(batches[step], np.random.default_rng((stage.seed, step)))
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(reader, batch)
        total = torch.stack([getattr(weights, k) * v.float() for k, v in parts.items()]).sum()
        total.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        for name, value in parts.items():
            seen[name].append(float(value.detach()))
        with torch.no_grad():
            for name, p in reader.state_dict().items():
                mean[name].lerp_(p, max(0.002, 10 / (step + 20)))
        if step % 100 == 99:
            line = {name: round(float(np.mean(values)), 4) for name, values in seen.items()}
            _log(work, stage=stage.name, step=step + 1, of=len(batches),
                 seconds=round(time.monotonic() - began), **line)  # fmt: skip
            seen.clear()
        if step % 800 == 799:
            saved = {"reader": reader.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(saved | {"mean": mean, "done": step + 1}, checkpoint)
    reader.load_state_dict(mean)
    torch.save(reader.state_dict(), work / f"{stage.name}.pt")
    checkpoint.unlink(missing_ok=True)


def _log(work: Path, **line: object) -> None:
    text = json.dumps(line)
    print(text, flush=True)
    with (work / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(text + "\n")


def _silver(reader: Reader, corpora: Path, start: Path, work: Path, splitter: Splitter) -> None:
    taught = teaching.pretraining(corpora, splitter)
    for corpus, _ in taught:
        if corpus.name in ("gmb", "claimbuster"):
            vectors_of(start, corpus, 12_000 if corpus.name == "gmb" else 4_000)
    train(reader, taught, Stage("silver", 1, 2e-4), work, Weights())


def _gold(reader: Reader, corpora: Path, start: Path, work: Path, splitter: Splitter) -> None:
    """All rounds that are not done, each going on from the one before; then the blend."""
    done = [stage for stage, _ in ROUNDS if (work / f"{stage.name}.pt").exists()]
    if len(done) < len(ROUNDS):
        taught = teaching.gold(corpora, splitter)
        for corpus, _ in taught:
            if corpus.name in ("stories", "claimbuster", "uner"):
                vectors_of(start, corpus, 4_000)
    for stage, _ in ROUNDS:
        if stage in done:
            reader.load_state_dict(torch.load(work / f"{stage.name}.pt"))
        else:
            train(reader, taught, stage, work, Weights())
    shares = {work / f"{stage.name}.pt": share for stage, share in ROUNDS}
    torch.save(blended(shares), work / "gold.pt")


def blended(shares: Mapping[Path, float]) -> dict[str, torch.Tensor]:
    """The mean of some weights, each by its share (Wortsman et al. 2022): what one round gained and
    another lost stays for the most part."""
    states = [(torch.load(path), share) for path, share in shares.items()]
    return {
        name: torch.stack([share * state[name].float() for state, share in states]).sum(0)
        for name in states[0][0]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    about = (options.corpora, options.start, options.work, Splitter.load(MODEL))
    reader = Reader()
    reader.start_from(options.start)
    silver = options.work / "silver.pt"
    if silver.exists():
        reader.load_state_dict(torch.load(silver), strict=False)
    else:
        _silver(reader, *about)
    _gold(reader, *about)


if __name__ == "__main__":
    main()
