/** Where the same words stand elsewhere in a text. Pure; units. */

import { meant } from "./words.js";

const SPECIAL = /[.*+?^${}()|[\]\\]/g;

/**
 * The other places of the words of `span`, whole words only, that could be tagged as a kind:
 * `taken` are the spans of tags of that kind as they stand, `rejected` those that were rejected.
 */
export function elsewhere(text, span, kind, { taken, rejected }) {
  const words = text.slice(...span).trim().split(/\s+/);
  const pattern = new RegExp(words.map((word) => word.replace(SPECIAL, "\\$&")).join("\\s+"), "gu");
  const refused = new Set(rejected.map(String));
  return [...text.matchAll(pattern)]
    .map(({ index, 0: found }) => [index, index + found.length])
    .filter((place) => String(meant(text, ...place, kind)) === String(place))
    .filter((place) => !refused.has(String(place)) && !touches(taken, place) && String(place) !== String(span));
}

const touches = (spans, [start, end]) => spans.some(([from, to]) => from < end && start < to);

/** Some words before and after a place, to tell it from others. */
export function around(text, [start, end], most = 32) {
  const line = (words) => words.replace(/\s+/g, " ");
  const before = line(text.slice(Math.max(0, start - most), start));
  const after = line(text.slice(end, end + most));
  return [before.replace(/^\S*\s/, ""), text.slice(start, end), after.replace(/\s\S*$/, "")];
}
