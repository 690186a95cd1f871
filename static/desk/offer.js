/**
 * The same words elsewhere in the story, offered to be tagged alike: all ticked, in a list that is
 * in nobody's way until it is asked for.
 */

import * as decide from "./decisions.js";
import { button, make } from "./elements.js";
import { KINDS, short } from "./names.js";
import { around, elsewhere } from "./same.js";

export class Offer {
  #one = null;
  #places = [];

  /** @param {{store, offsets, acts, text: string, revision: number, me: string, back: () => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.element = make("section", { class: "offer", "aria-label": "The same words elsewhere", hidden: true });
    document.querySelector("[data-sift]").before(this.element);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("change", () => this.#count());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Offer the other places of a tag's words, if there are any. */
  make(one) {
    const places = one?.spans.length === 1 ? this.#placesOf(one) : [];
    if (!places.length) return;
    this.#one = one;
    this.#places = places;
    const kind = KINDS[one.kind].toLowerCase();
    this.element.replaceChildren(
      make("p", { role: "status" }, `“${short(this.#words(), 60)}” stands at ${places.length} more ${places.length === 1 ? "place" : "places"} and is no ${kind} there yet.`),
      make("ul", {}, ...places.map((place, index) => this.#row(place, index))),
      make("p", { class: "offer-acts" }, button("", { command: "tagSame" }), button("Choose", { command: "chooseSame" }), button("Leave", { command: "leaveSame", key: "Esc" })),
    );
    this.element.hidden = false;
    this.#count();
  }

  /** Tag the places that are ticked, as one step. */
  apply() {
    const one = this.isOpen && this.store.get(this.#one.id);
    const free = one ? new Set(this.#placesOf(one).map(String)) : new Set();
    const places = this.#ticked().filter((place) => free.has(String(place)));
    const words = this.#words();
    this.close();
    if (!places.length) return;
    const about = one.body ? { body: one.body.id } : { label: one.name };
    const { kind, type } = one;
    const adds = places.map((place) => {
      const spans = this.offsets.spansToPoints([place]);
      const more = about.label ? about : { ...about, label: one.name };
      return decide.add({ id: decide.newId(), kind, type, spans, words: one.name, revision: this.revision, me: this.me, about: more });
    });
    const what = `“${short(words, 40)}” at ${places.length} more ${places.length === 1 ? "place" : "places"}`;
    this.acts.do(adds.map((add) => ["annotation", add]), `Tagged: ${what}`);
  }

  /** Go into the list, to leave places out. */
  choose() {
    this.element.querySelector("input")?.focus();
  }

  close() {
    const inside = this.element.contains(document.activeElement);
    const was = this.isOpen;
    this.element.hidden = true;
    if (inside) this.back();
    return was;
  }

  #placesOf(one) {
    const [span] = this.offsets.spansToUnits(one.spans);
    const alike = this.store.annotations().filter((other) => other.kind === one.kind);
    const spans = (wanted) => alike.filter(wanted).flatMap((other) => this.offsets.spansToUnits(other.spans));
    const isRejected = (other) => other.status === "rejected";
    return elsewhere(this.text, span, one.kind, { taken: spans((other) => !isRejected(other)), rejected: spans(isRejected) });
  }

  #words() {
    const [[start, end]] = this.offsets.spansToUnits(this.#one.spans);
    return this.text.slice(start, end);
  }

  #row(place, index) {
    const [before, words, after] = around(this.text, place);
    const box = make("input", { type: "checkbox", value: String(index), checked: true });
    return make("li", {}, make("label", {}, box, make("span", { dir: "auto" }, before, make("b", {}, words), after)));
  }

  #ticked() {
    return [...this.element.querySelectorAll("input:checked")].map((box) => this.#places[Number(box.value)]);
  }

  #count() {
    const number = this.#ticked().length;
    this.element.querySelector("[data-command=tagSame]").firstChild.replaceWith(`Tag ${number} too`);
  }

  #key(event) {
    const boxes = [...this.element.querySelectorAll("input")];
    const here = boxes.indexOf(event.target);
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (here < 0 || !(event.key in moves || event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.apply();
    else boxes[(here + moves[event.key] + boxes.length) % boxes.length].focus();
  }
}
