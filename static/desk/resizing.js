/**
 * A tag's spans made longer or shorter by a word, at either end. Pure; units.
 */

import { lineAround, snapped, trimmed, wordFrom, wordsIn, wordUpTo } from "./words.js";

/**
 * The spans with one end moved by a word: `edge` is "start" or "end". Null when there is no word
 * to take in (a tag ends with its paragraph) or only one is left.
 */
export function resized(text, spans, { edge, longer, kind }) {
  const whole = longer ? lengthened(text, spans, edge, kind) : shortened(text, spans, edge, kind);
  return whole && String(whole) !== String(spans) ? whole : null;
}

function lengthened(text, spans, edge, kind) {
  const end = edge === "end";
  const [start, stop] = spans.at(end ? -1 : 0);
  const [from, to] = lineAround(text, start, stop);
  // First the rest of a word that it cuts, then the next one.
  const whole = snapped(text, start, stop);
  const next = end ? wordFrom(text, stop) : wordUpTo(text, start);
  const ways = end ? [[start, whole[1]], next && [start, withSign(text, start, next[1])]] : [[whole[0], stop], next && [next[0], stop]];
  for (const way of ways) {
    if (!way || way[0] < from || way[1] > to) continue;
    const span = trimmed(text, ...way, kind);
    const grown = span && (end ? span[1] > stop : span[0] < start);
    if (grown) return end ? [...spans.slice(0, -1), span] : [span, ...spans.slice(1)];
  }
  return null;
}

/** With the full stop of an abbreviation, or the bracket that closes one within, after a word. */
function withSign(text, start, end) {
  const closes = text[end] === ")" && text.slice(start, end).includes("(");
  return closes || text[end] === "." ? end + 1 : end;
}

function shortened(text, spans, edge, kind) {
  const end = edge === "end";
  const [start, stop] = spans.at(end ? -1 : 0);
  const others = end ? spans.slice(0, -1) : spans.slice(1);
  const words = wordsIn(text, start, stop);
  // A part of one word goes as a whole, if it is not the last.
  if (words.length < 2) return others.length ? others : null;
  const span = end
    ? trimmed(text, start, words.at(-2)[1], kind)
    : trimmed(text, words[1][0], stop, kind);
  if (!span) return null;
  return end ? [...others, span] : [span, ...others];
}

/** Spans put together: sorted, and those that touch or overlap made one. */
export function joined(spans) {
  const whole = [];
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = whole.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else whole.push([start, end]);
  }
  return whole;
}
