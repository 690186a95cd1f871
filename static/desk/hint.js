/** What stands at a mark under the pointer: what it is, how sure, and why; the card has the rest. */

import { speakersOf } from "./names.js";

/** Give each mark its words as a title when the pointer comes to it, as it is then. */
export function hints({ root, store, names }) {
  root.addEventListener("pointerover", ({ target }) => {
    const mark = target.closest("mark");
    const one = mark && store.get(mark.dataset.id);
    if (one) mark.title = wordsOf(one, names, one.kind === "claim" ? speakersOf(store, one) : []);
  });
}

/** "Entity, person, suggested: Ana Ruiz. 93 % sure, by dictionary 1: known as “Ruiz”". Pure. */
export function wordsOf(one, names, speakers) {
  const what = `${names.label(one, speakers)}${one.name ? `: ${one.name}` : ""}`;
  const sure = one.confidence === null ? "" : `${Math.round(one.confidence * 100)} % sure, `;
  const why = one.suggester ? `${sure}by ${one.suggester}${one.reason ? `: ${one.reason}` : ""}` : `added by ${one.creator ?? "somebody"}`;
  return `${what}\n${why}`;
}
