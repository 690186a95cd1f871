/**
 * Words of a text: where they begin and end, and what of a selection is meant. Pure; units.
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
const SPACES = /^\s+|\s+$/gu;
// Signs that belong to names: #tag, @name, 5%, AT&T.
const STRAY = "(?![#@%&])[\\p{P}\\p{Sk}]";
const STRAY_BEFORE = new RegExp(`^(?:${STRAY}|\\s)+`, "u");
const STRAY_AFTER = new RegExp(`(?:${STRAY}|\\s)+$`, "u");
const CLAIM_BEFORE = /^[\s,;:.…–—-]+/u;
const CLAIM_AFTER = /[\s,;:.–—-]+$/u;
const POSSESSIVE = /['’]s$/u;
const ABBREVIATION = /(?:\p{L}\.\p{L}+|\b(?:Jr|Sr|Inc|Co|Corp|Ltd|St|Bros))\.$/u;

/** The line around a place: words never reach over its ends. */
function lineAround(text, start, end) {
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
 * A claim keeps its quotation marks and loses its full stop; a name loses both, and its 's.
 */
export function trimmed(text, start, end, kind) {
  const words = text.slice(start, end);
  const bare = kind === "claim" ? bareClaim(words) : bareName(words, kind);
  if (!bare) return null;
  const from = start + words.indexOf(bare);
  return [from, from + bare.length];
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

/** What a selection means as a tag of a kind: whole words, trimmed; null when it holds none. */
export function meant(text, start, end, kind) {
  // Spaces first, so that a selection that ends before a word does not take it in.
  const words = text.slice(start, end);
  const lead = words.length - words.trimStart().length;
  if (lead === words.length) return null;
  const [from, to] = snapped(text, start + lead, start + words.trimEnd().length);
  return trimmed(text, from, to, kind);
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
  const sentences = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const starts = [...sentences.segment(text)].map((piece) => wordFrom(text, piece.index)?.[0]);
  const known = [...new Set(starts)].filter((start) => start !== undefined);
  const start = back
    ? known.findLast((one) => one < place)
    : known.find((one) => one > place);
  return start === undefined ? null : wordFrom(text, start);
}
