"""The reader's network: one small encoder, a head for each thing that it tells.

The encoder is BERT's (Devlin et al. 2019) with the weights of all-MiniLM-L6-v2, to whose input
embeddings the case of each word and the gazetteer's hints are added. What an attribution's source
and content are is asked once for each cue: the encoder's states, with the cue marked, go through
two narrow layers that tag them.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from annotations.nlp.pieces import CASES, HINTS
from annotations.nlp.training.encoded import CUE_TAGS, IGNORED, TIE_TAGS, Batch
from annotations.nlp.training.labels import TAGS

SIZE, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
TIE_SIZE, TIE_LAYERS, TIE_HEADS, TIE_INNER = 192, 2, 6, 512
# How far from the cue a piece is, by sign and in pieces, up to so many either way.
FARTHEST = 48


class Layer(nn.Module):
    """A post-norm transformer layer. Takes states (rows, pieces, size) and a mask that may be
    broadcast to (rows, heads, pieces, pieces), added to the attention's scores."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.out = nn.Linear(size, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.last_norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        def split(x: Tensor) -> Tensor:
            return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

        query, key, value = (
            split(self.query(states)),
            split(self.key(states)),
            split(self.value(states)),
        )
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + mask
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        states = self.norm(states + self.dropout(self.out(mixed)))
        return self.last_norm(states + self.dropout(self.down(F.gelu(self.up(states)))))


def attention_mask(lengths_mask: Tensor) -> Tensor:
    """From 1 for pieces and 0 for padding, (rows, pieces), what is added to scores."""
    return (1.0 - lengths_mask[:, None, None, :]) * -1e4


class Encoder(nn.Module):
    """ids, cases (rows, pieces), hints (rows, pieces, HINTS) to states, entity and cue scores."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, SIZE)
        self.positions = nn.Embedding(POSITIONS, SIZE)
        self.cases = nn.Embedding(CASES, SIZE)
        self.hints = nn.Linear(HINTS, SIZE, bias=False)
        nn.init.zeros_(self.cases.weight)
        nn.init.zeros_(self.hints.weight)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.layers = nn.ModuleList(Layer(SIZE, HEADS, INNER, dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.entities = nn.Linear(SIZE, len(TAGS))
        self.cues = nn.Linear(SIZE, len(CUE_TAGS))

    def forward(
        self, ids: Tensor, cases: Tensor, hints: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        place = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(place) + self.cases(cases) + self.hints(hints)
        states = self.dropout(self.norm(states))
        added = attention_mask(mask)
        for layer in self.layers:
            states = layer(states, added)
        return states, self.entities(states), self.cues(states)


class Ties(nn.Module):
    """States (cues, pieces, SIZE), which pieces are the cue and which are text, to TIE_TAGS'
    scores (cues, pieces, tags)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.narrow = nn.Linear(SIZE, TIE_SIZE)
        self.distance = nn.Embedding(2 * FARTHEST + 1, TIE_SIZE)
        self.marked = nn.Parameter(torch.randn(TIE_SIZE) * 0.5)
        self.norm = nn.LayerNorm(TIE_SIZE)
        self.layers = nn.ModuleList(
            Layer(TIE_SIZE, TIE_HEADS, TIE_INNER, dropout) for _ in range(TIE_LAYERS)
        )
        self.tags = nn.Linear(TIE_SIZE, len(TIE_TAGS))
        self.transitions = nn.Parameter(torch.zeros(len(TIE_TAGS), len(TIE_TAGS)))

    def forward(self, states: Tensor, cue: Tensor, mask: Tensor) -> Tensor:
        place = torch.arange(cue.shape[1], device=cue.device)
        first = (cue * (cue.shape[1] - place)).argmax(1, keepdim=True)
        distance = (place - first).clamp(-FARTHEST, FARTHEST) + FARTHEST
        narrow = self.narrow(states) + self.distance(distance) + cue[..., None] * self.marked
        narrow, added = self.norm(narrow), attention_mask(mask)
        for layer in self.layers:
            narrow = layer(narrow, added)
        return self.tags(narrow)


class Sentences(nn.Module):
    """Mean states of sentences (sentences, SIZE) to check-worthiness scores and unit vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.worth = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(SIZE, 64), nn.GELU(), nn.Linear(64, 1)
        )
        self.vector = nn.Linear(SIZE, SIZE)
        with torch.no_grad():
            self.vector.weight.copy_(torch.eye(SIZE))
            self.vector.bias.zero_()

    def forward(self, means: Tensor) -> tuple[Tensor, Tensor]:
        return self.worth(means).squeeze(-1), F.normalize(self.vector(means), dim=-1)


class Reader(nn.Module):
    """All of it."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.ties = Ties()
        self.sentences = Sentences()

    def start_from(self, folder: Path) -> None:
        """Take the weights of all-MiniLM-L6-v2 from `model.safetensors` in `folder`."""
        given = read_safetensors(folder / "model.safetensors")
        given = {name.removeprefix("bert."): tensor for name, tensor in given.items()}
        kinds = given["embeddings.token_type_embeddings.weight"][0]
        own = {
            "words.weight": given["embeddings.word_embeddings.weight"],
            "positions.weight": given["embeddings.position_embeddings.weight"] + kinds,
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
        }
        parts = {
            "query": "attention.self.query", "key": "attention.self.key",
            "value": "attention.self.value", "out": "attention.output.dense",
            "norm": "attention.output.LayerNorm", "up": "intermediate.dense",
            "down": "output.dense", "last_norm": "output.LayerNorm",
        }  # fmt: skip
        for i in range(LAYERS):
            for ours, theirs in parts.items():
                for end in ("weight", "bias"):
                    own[f"layers.{i}.{ours}.{end}"] = given[f"encoder.layer.{i}.{theirs}.{end}"]
        missing, unexpected = self.encoder.load_state_dict(own, strict=False)
        assert not unexpected and all(m.split(".")[0] in _NEW for m in missing), missing


_NEW = ("cases", "hints", "entities", "cues")


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """The float32 tensors of a safetensors file: a length, a JSON header, raw numbers."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    found = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            a, b = about["data_offsets"]
            numbers = np.frombuffer(data[8 + size + a : 8 + size + b], np.float32)
            found[name] = torch.from_numpy(numbers.copy()).view(about["shape"])
    return found


def forbidden() -> Tensor:
    """A large negative number where TIE_TAGS' column may not follow its row, else 0."""
    tags = len(TIE_TAGS)
    mask = torch.zeros(tags, tags)
    for inside in (2, 4):
        mask[:, inside] = -1e4
        mask[[inside - 1, inside], inside] = 0
    return mask


def chain_loss(scores: Tensor, tags: Tensor, transitions: Tensor) -> Tensor:
    """Minus the log-probability of each row's tags in a linear chain (Lafferty et al. 2001).

    `scores` is (rows, pieces, tags), `tags` (rows, pieces) with IGNORED where there is no word.
    Where a window cuts a span the first tag may be I.
    """
    known = tags != IGNORED
    lengths = known.sum(1)
    order = torch.argsort(~known, dim=1, stable=True)[:, : int(lengths.max())]
    words = scores.gather(1, order[..., None].expand(-1, -1, scores.shape[-1]))
    gold = tags.gather(1, order)
    step = transitions + forbidden()
    rows = torch.arange(len(words))
    gold = gold.masked_fill(gold == IGNORED, 0)
    alpha = words[:, 0]
    path = words[rows, 0, gold[:, 0]]
    for i in range(1, words.shape[1]):
        here = (i < lengths)[:, None]
        ahead = (alpha[:, :, None] + step).logsumexp(1) + words[:, i]
        alpha = torch.where(here, ahead, alpha)
        move = step[gold[:, i - 1], gold[:, i]] + words[rows, i, gold[:, i]]
        path = path + torch.where(here[:, 0], move, 0.0)
    # A window may cut a source from the content it stands in: an impossible path, not taught.
    return ((alpha.logsumexp(1) - path) / lengths.clamp(min=1)).clamp(max=20)


@dataclass
class Weights:
    """How much each task counts."""

    entities: float = 1.0
    cues: float = 1.0
    ties: float = 2.0
    worth: float = 0.5
    vectors: float = 2.0


def marginal_loss(scores: Tensor, allowed: Tensor) -> Tensor:
    """Minus the log of what all allowed tags have together; `allowed` is (..., tags), bool."""
    log = scores.float().log_softmax(-1)
    return -log.masked_fill(~allowed, -1e9).logsumexp(-1)


def losses(reader: Reader, batch: Batch) -> dict[str, Tensor]:
    """The mean loss of each task that the batch teaches, before weights."""
    mask = torch.arange(batch.ids.shape[1]) < torch.from_numpy(batch.lengths)[:, None]
    hints = (torch.from_numpy(batch.hints)[..., None].int() >> torch.arange(HINTS)) & 1
    states, entities, cues = reader.encoder(
        torch.from_numpy(batch.ids).long(), torch.from_numpy(batch.cases).long(),
        hints.float(), mask.float(),
    )  # fmt: skip
    found = {}
    bits = torch.from_numpy(batch.allowed.astype(np.int32))
    known = bits > 0
    if known.any():
        allowed = ((bits[known][:, None] >> torch.arange(len(TAGS))) & 1).bool()
        found["entities"] = marginal_loss(entities[known], allowed).mean()
    cue_tags = torch.from_numpy(batch.cues).long()
    if (cue_tags != IGNORED).any():
        found["cues"] = F.cross_entropy(
            cues.float().flatten(0, 1), cue_tags.flatten(), ignore_index=IGNORED
        )
    if len(batch.tie_window):
        rows = torch.from_numpy(batch.tie_window)
        scores = reader.ties(
            states[rows], torch.from_numpy(batch.tie_cue).float(), mask[rows].float()
        )
        with torch.autocast("cpu", enabled=False):
            found["ties"] = chain_loss(
                scores.float(), torch.from_numpy(batch.tie_tags), reader.ties.transitions
            ).mean()
    found |= _sentence_losses(reader, batch, states)
    return found


def _sentence_losses(reader: Reader, batch: Batch, states: Tensor) -> dict[str, Tensor]:
    rated = torch.from_numpy(batch.worthiness >= 0)
    taught = torch.from_numpy(batch.has_vector)
    if not (rated.any() or taught.any()):
        return {}
    index = torch.from_numpy(batch.sentence).flatten().long()
    inside = index >= 0
    sums = torch.zeros(len(rated), SIZE).index_add(
        0, index[inside], states.float().flatten(0, 1)[inside]
    )
    counts = torch.bincount(index[inside], minlength=len(rated)).clamp(min=1)
    worth, vectors = reader.sentences(sums / counts[:, None])
    found = {}
    if rated.any():
        wanted = torch.from_numpy(batch.worthiness)[rated]
        found["worth"] = F.binary_cross_entropy_with_logits(worth.float()[rated], wanted)
    if taught.any():
        like = (vectors.float() * torch.from_numpy(batch.vectors)).sum(-1)
        found["vectors"] = (1 - like[taught]).mean()
    return found
