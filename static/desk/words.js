/**
 * Words of a text: where they begin and end, and what of a selection is meant. Pure; units.
 */

// Without a segmenter, words are runs of letters: good enough where words have spaces between them.
const RUNS = /[\p{L}\p{M}\p{N}]+(?:['’.\u200d-][\p{L}\p{M}\p{N}]+)*|[\s\S]/gu;
const plain = {
  segment(text) {
    const pieces = [...text.matchAll(RUNS)].map(({ 0: segment, index }) => ({
      segment,
      index,
      isWordLike: /[\p{L}\p{N}]/u.test(segment),
    }));
    return {
      [Symbol.iterator]: () => pieces.values(),
      containing: (place) => pieces.find((one) => one.index <= place && place < one.index + one.segment.length),
    };
  },
};
const segmenter = Intl.Segmenter ? new Intl.Segmenter(undefined, { granularity: "word" }) : plain;
const SPACES = /^\s+|\s+$/gu;
// Signs that belong to names: #tag, @name, 5%, AT&T.
const STRAY = "(?![#@%&])[\\p{P}\\p{Sk}]";
const STRAY_BEFORE = new RegExp(`^(?:${STRAY}|\\s)+`, "u");
const STRAY_AFTER = new RegExp(`(?:${STRAY}|\\s)+$`, "u");
const CLAIM_BEFORE = /^[\s,;:.…–—-]+/u;
const CLAIM_AFTER = /[\s,;:.–—-]+$/u;
const POSSESSIVE = /['’]s$/u;
const QUOTES = { "“": "”", "«": "»", "„": "“", '"': '"' };
const ABBREVIATION = /(?:\p{L}\.\p{L}+|\b(?:Jr|Sr|Inc|Co|Corp|Ltd|St|Bros))\.$/u;

/** The line around a place: words never reach over its ends. */
export function lineAround(text, start, end) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end);
  return [from, to < 0 ? text.length : to];
}

/** The words of text[from:to] as [start, end] pairs. */
export function wordsIn(text, from, to) {
  return [...segmenter.segment(text.slice(from, to))]
    .filter((piece) => piece.isWordLike)
    .map((piece) => [from + piece.index, from + piece.index + piece.segment.length]);
}

/** [start, end) widened so that it cuts through no word and no character. */
export function snapped(text, start, end) {
  const [from, to] = lineAround(text, start, end);
  const pieces = segmenter.segment(text.slice(from, to));
  const whole = (place) => {
    const piece = pieces.containing(place - from);
    const inside = piece && from + piece.index < place;
    return inside ? [from + piece.index, from + piece.index + piece.segment.length] : null;
  };
  return [whole(start)?.[0] ?? start, whole(end)?.[1] ?? end];
}

/**
 * [start, end) without the spaces and stray punctuation around it; null when nothing is left.
 * A claim keeps its quotation marks, both of each pair, and loses its full stop; a name loses
 * both, and its 's.
 */
export function trimmed(text, start, end, kind) {
  const words = text.slice(start, end);
  const bare = kind === "claim" ? bareClaim(words) : bareName(words, kind);
  if (!bare) return null;
  const from = start + words.indexOf(bare);
  return kind === "claim" ? quoted(text, from, from + bare.length) : [from, from + bare.length];
}

/** [start, end) with the other one of a pair of quotation marks that stands at its edge. */
function quoted(text, start, end) {
  const words = text.slice(start, end);
  const count = (sign) => words.split(sign).length - 1;
  for (const [open, close] of Object.entries(QUOTES)) {
    const opened = open === close ? count(open) % 2 : count(open) - count(close);
    const after = /^[.,;:!?…]*/.exec(text.slice(end, end + 3))[0].length;
    const closes = text[end + after] === close;
    if (opened > 0 && closes) return [start, end + after + 1];
    const opens = text[start - 1] === open;
    if (opens && (opened < 0 || (open === close && opened))) return [start - 1, end];
    if (opens && closes && !opened) return [start - 1, end + after + 1];
  }
  return [start, end];
}

function bareClaim(words) {
  return words.replace(CLAIM_BEFORE, "").replace(CLAIM_AFTER, "");
}

function bareName(words, kind) {
  const before = words.replace(STRAY_BEFORE, "");
  const spaced = before.replace(SPACES, "");
  let bare = before.replace(STRAY_AFTER, "");
  const rest = spaced.slice(bare.length);
  const closes = rest.startsWith(")") && bare.includes("(");
  if (closes || (rest.startsWith(".") && ABBREVIATION.test(`${bare}.`))) bare += rest[0];
  return kind === "entity" ? bare.replace(POSSESSIVE, "") : bare;
}

/**
 * What a selection means as a tag of a kind: whole words, trimmed; null when it holds none.
 * `exact` takes it as it is, without the spaces around it.
 */
export function meant(text, start, end, kind, exact = false) {
  // Spaces first, so that a selection that ends before a word does not take it in.
  const words = text.slice(start, end);
  const lead = words.length - words.trimStart().length;
  if (lead === words.length) return null;
  const tail = start + words.trimEnd().length;
  if (exact) return [start + lead, tail];
  const [from, to] = snapped(text, start + lead, tail);
  return trimmed(text, from, to, kind);
}

/** The place one character, as people count them, after (or, with `back`, before) another. */
export function letterFrom(text, place, back = false) {
  const [from, to] = back ? [Math.max(0, place - 40), place] : [place, place + 40];
  const near = text.slice(from, to);
  const letters = Intl.Segmenter
    ? [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(near)].map((piece) => piece.segment)
    : [...near];
  const step = (back ? letters.at(-1) : letters[0])?.length ?? 0;
  return back ? place - step : place + step;
}

/** The word that begins at or after a place, in the whole text; null after the last. */
export function wordFrom(text, place) {
  for (let from = place; from < text.length; ) {
    const [lineStart, lineEnd] = lineAround(text, from, from);
    const found = wordsIn(text, lineStart, lineEnd).find(([start]) => start >= place);
    if (found) return found;
    from = lineEnd + 1;
  }
  return null;
}

/** The last word that ends at or before a place; null before the first. */
export function wordUpTo(text, place) {
  for (let to = place; to >= 0; ) {
    const [lineStart, lineEnd] = lineAround(text, to, to);
    const found = wordsIn(text, lineStart, lineEnd).findLast(([, end]) => end <= place);
    if (found) return found;
    to = lineStart - 1;
  }
  return null;
}

/** The first word of the sentence after (or, with `back`, before) a place; null if there is none. */
export function sentenceWord(text, place, back = false) {
  const found = sentenceFrom(text, place, back, ([first]) => (back ? first[0] < place : first[0] > place));
  return found && found[0];
}

/** The last word of the sentence that goes on after a place; null if there is none. */
export function sentenceEnd(text, place) {
  return sentenceFrom(text, place, false, (words) => words.at(-1)[1] > place)?.at(-1) ?? null;
}

/** The words of the next sentence, in either direction, that is wanted; null if there is none. */
function sentenceFrom(text, place, back, wanted) {
  for (let at = place; at >= 0 && at <= text.length; ) {
    const [from, to] = lineAround(text, at, at);
    const found = sentencesIn(text, from, to)[back ? "findLast" : "find"](wanted);
    if (found) return found;
    at = back ? from - 1 : to + 1;
  }
  return null;
}

/** The sentences of a line, each as its words. */
function sentencesIn(text, from, to) {
  const line = text.slice(from, to);
  const pieces = Intl.Segmenter
    ? [...new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(line)]
    : [...line.matchAll(/[^.!?。！？]+[.!?。！？”"»)\s]*/gu)].map((match) => ({ index: match.index, segment: match[0] }));
  return pieces
    .map(({ index, segment }) => wordsIn(text, from + index, from + index + segment.length))
    .filter((words) => words.length);
}
