"""What the dependency treebanks teach: attributions read off their trees, and GUM's names."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotations.nlp import lexicon
from annotations.nlp.training.corpora import TITLES
from annotations.nlp.training.labels import OURS, allowed
from annotations.nlp.training.samples import EITHER, Attributed, Sample, Span, joined

CLAUSE = ("ccomp", "parataxis", "ccomp:parataxis")
GUM_TYPES = {"person": "person", "place": "place", "organization": "organisation", "event": "event"}
# Of "I think" and the like news has little, and the treebanks' blogs and e-mails much.
MUSING = frozenset({"think", "know", "mean", "guess", "hope", "feel", "wish", "believe", "see"})
SMALL = frozenset(
    {"of", "the", "for", "and", "de", "la", "del", "van", "von", "al", "-", "'s", "’s"}
)


@dataclass(frozen=True)
class Word:
    """A row of CoNLL-U; `head` is an index into the sentence, -1 at the root."""

    form: str
    lemma: str
    upos: str
    head: int
    relation: str
    misc: str


def sentences_of(path: Path) -> Iterator[list[Word]]:
    """The sentences of a CoNLL-U file; of multi-word tokens their parts."""
    rows: list[Word] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 10 and parts[0].isdecimal():
                rows.append(
                    Word(parts[1], parts[2], parts[3], int(parts[6]) - 1, parts[7], parts[9])
                )
            elif not line.strip() and rows:
                yield rows
                rows = []
    if rows:
        yield rows


class Tree:
    """A parsed sentence, by indices of its words."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.children: list[list[int]] = [[] for _ in words]
        for i, word in enumerate(words):
            if word.head >= 0:
                self.children[word.head].append(i)

    def child(self, i: int, *relations: str) -> int | None:
        return next((c for c in self.children[i] if self.words[c].relation in relations), None)

    def below(self, i: int, without: Iterable[int] = ()) -> set[int]:
        found, waiting, skip = set(), [i], set(without)
        while waiting:
            j = waiting.pop()
            if j not in skip:
                found.add(j)
                waiting += self.children[j]
        return found

    def runs(self, indices: set[int]) -> list[tuple[int, int]]:
        """Runs of neighbours as (first, end), without signs at their ends but quotation marks."""
        runs: list[tuple[int, int]] = []
        for i in sorted(indices):
            if runs and runs[-1][1] == i:
                runs[-1] = (runs[-1][0], i + 1)
            else:
                runs.append((i, i + 1))
        return [run for run in (self._trimmed(*run) for run in runs) if run[0] < run[1]]

    def _trimmed(self, first: int, end: int) -> tuple[int, int]:
        while first < end and self._is_sign(first):
            first += 1
        while first < end and self._is_sign(end - 1):
            end -= 1
        return first, end

    def _is_sign(self, i: int) -> bool:
        return self.words[i].upos == "PUNCT" and self.words[i].form not in ('"', "“", "”", "(", ")")


def attributions_in(tree: Tree) -> tuple[list[tuple], set[int]]:
    """(source run or None, cue run, content runs) of a sentence, and verbs that it may also have.

    A reporting verb with a subject and a clause, an intention with its infinitive, and "according
    to"; see the corpora's README on how many these are.
    """
    found, unsure = [], set()
    for i, word in enumerate(tree.words):
        if word.form.lower() == "according" or (word.upos == "ADP" and word.lemma == "accord"):
            if tie := _according(tree, i):
                found.append(tie)
            continue
        if word.form.lower() not in lexicon.MODES or word.upos not in ("VERB", "AUX"):
            continue
        tie = _verb(tree, i)
        if tie:
            found.append(tie)
        else:
            unsure.add(i)
    return found, unsure


def _verb(tree: Tree, i: int) -> tuple | None:
    word = tree.words[i]
    subject = tree.child(i, "nsubj")
    if subject is None or (
        tree.words[subject].form.lower() in ("i", "we", "you") and word.lemma in MUSING
    ):
        return None
    aux = [c for c in tree.children[i] if tree.words[c].relation in ("aux", "compound:prt")]
    cue = tree.runs({i, *(c for c in aux if abs(c - i) <= 3)})
    cue_run = next(run for run in cue if run[0] <= i < run[1])
    clause = tree.child(i, *CLAUSE)
    if clause is None and word.form.lower() in lexicon.TAKES_INFINITIVE:
        clause = tree.child(i, "xcomp")
    if clause is not None:
        content = tree.below(clause)
    elif word.relation == "parataxis" and word.head >= 0:
        content = tree.below(word.head, without=[i])
        if len(content) < 3:
            return None
    else:
        return None
    source = tree.runs(tree.below(subject))
    contents = tree.runs(content)
    if len(source) != 1 or not contents or len(contents) > 2:
        return None
    return source[0], cue_run, contents


def _according(tree: Tree, i: int) -> tuple | None:
    """ "according to X": X hangs as obl on the clause, "according" as its case or it as fixed."""
    head = tree.words[i].head
    if i + 1 >= len(tree.words) or tree.words[i + 1].form.lower() != "to" or head < 0:
        return None
    who = head if head > i else tree.child(i, "obl", "nmod")
    if who is None or tree.words[who].head < 0:
        return None
    top = who if head > i else i
    clause = tree.words[top].head
    if clause < 0:
        return None
    source = tree.runs({j for j in tree.below(who) if j > i + 1})
    content = tree.runs(tree.below(clause, without=[top, i, i + 1]))
    if len(source) != 1 or not content or len(content) > 2:
        return None
    return source[0], (i, i + 2), content


def sample(path: Path, *, names: bool) -> Sample:
    """A treebank file as one sample: attributions by the patterns, and GUM's names if asked."""
    made = Sample("", [], words=[] if names else None, attributions=[])
    texts, place = [], 0
    for words in sentences_of(path):
        text, places = joined((word.form for word in words), place)
        ties, unsure = attributions_in(Tree(words))
        assert made.attributions is not None
        made.attributions += [_placed(tie, places) for tie in ties]
        made.unsure += [places[i] for i in unsure]
        if made.words is not None:
            tags = gum_tags(words)
            made.words += [(*p, a) for p, a in zip(places, tags, strict=True)]
        made.sentences.append((place, place + len(text)))
        texts.append(text)
        place += len(text) + 1
    made.text = "\n".join(texts)
    return made


def _placed(tie: tuple, places: list[Span]) -> Attributed:
    def at(run: tuple[int, int]) -> Span:
        return places[run[0]][0], places[run[1] - 1][1]

    source, cue, contents = tie
    return Attributed(at(source) if source else None, at(cue), tuple(map(at, contents)))


_ENTITY = re.compile(r"\((\d+)-([a-z]+)-|(\d+)\)")


def gum_tags(words: list[Word]) -> list[frozenset[int]]:
    """Our tags of GUM's mentions that are names: all their words but articles and titles are.

    Other proper nouns may be anything; other words are no names.
    """
    tags = [
        EITHER if w.upos == "PROPN" or (w.form[0].isupper() and i) else allowed("O", OURS)
        for i, w in enumerate(words)
    ]
    for start, stop, type in _gum_mentions(words):
        first, end = start, stop
        while first < end and (words[first].upos == "DET" or words[first].form in TITLES):
            first += 1
        if end > first and words[end - 1].form in ("'s", "’s", "'"):
            end -= 1
        inside = words[first:end]
        named = inside and all(w.upos == "PROPN" or w.form.lower() in SMALL for w in inside)
        if named and inside[0].upos == "PROPN":
            for i in range(first, end):
                tags[i] = allowed(f"{'B' if i == first else 'I'}-{type}", OURS)
    return tags


def _gum_mentions(words: list[Word]) -> list[tuple[int, int, str]]:
    """The innermost mentions last, so that of nested names the longest is written over by none."""
    open_: dict[str, list[tuple[int, str]]] = {}
    found = []
    for i, word in enumerate(words):
        entity = re.search(r"(?:^|\|)Entity=([^|]*)", word.misc)
        for key, type, closed in _ENTITY.findall(entity.group(1)) if entity else ():
            if key:
                open_.setdefault(key, []).append((i, type))
            elif open_.get(closed):
                start, kind = open_[closed].pop()
                found.append((start, i + 1, kind))
        if entity:  # mentions of one word open and close at once: "(4-person-...)"
            for key, type in re.findall(r"\((\d+)-([a-z]+)-[^()]*\)", entity.group(1)):
                if open_.get(key):
                    open_[key].pop()
                found.append((i, i + 1, type))
    kept = [(a, b, GUM_TYPES[t]) for a, b, t in found if t in GUM_TYPES]
    return sorted(kept, key=lambda m: m[1] - m[0])


def gum_attributions(folder: Path, part: str) -> Iterator[tuple[str, dict[str, set[Span]]]]:
    """GUM's own attributions of a part, a text a document, with the spans of source, cue, content.

    Kept are those whose cue is a verb, as the corpora's README says; spans are whole runs.
    """
    sentences = _with_ids(folder / "gum_open" / f"gum_open-{part}.conllu.gz")
    by_document: dict[str, list[str]] = {}
    for sent_id in sentences:
        by_document.setdefault(sent_id.rsplit("-", 1)[0], []).append(sent_id)
    rows: dict[str, list[dict]] = {}
    with gzip.open(folder / "gum_open" / f"attribution-{part}.jsonl.gz", "rt") as lines:
        for row in map(json.loads, lines):
            if row["cue_upos"] in ("VERB", "AUX"):
                rows.setdefault(row["doc"], []).append(row)
    for document, ids in by_document.items():
        places: dict[str, list[Span]] = {}
        texts, place = [], 0
        for sent_id in ids:
            text, places[sent_id] = joined(sentences[sent_id], place)
            texts.append(text)
            place += len(text) + 1
        gold: dict[str, set[Span]] = {"source": set(), "cue": set(), "content": set()}
        for row in rows.get(document, ()):
            for name, key in (("source", "sent_id"), ("cue", "sent_id"),
                              ("content", "content_sent_id")):  # fmt: skip
                gold[name] |= set(_runs_at(row[f"{name}_tokens"], places[row[key]]))
        yield "\n".join(texts), gold


def _with_ids(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id = "):
                words = found.setdefault(line.split(" = ", 1)[1].strip(), [])
            elif line.split("\t", 1)[0].isdecimal():
                words.append(line.split("\t", 2)[1])
    return found


def _runs_at(numbers: list[int], places: list[Span]) -> Iterator[Span]:
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ((places[a - 1][0], places[b - 1][1]) for a, b in runs)
