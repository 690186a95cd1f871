/**
 * Adding: words are selected, tagged, and offered elsewhere; a tag that stands gets other words.
 * Loaded when it is first needed.
 */

import * as decide from "./decisions.js";
import { short } from "./names.js";
import { joined, resized } from "./resizing.js";
import { Offer } from "./offer.js";
import { Selected } from "./selection.js";
import { Toolbar } from "./toolbar.js";

// How long a tag that is being resized waits for the next key before it is stored.
const SETTLES_AFTER = 1200;
const ENDS = {
  endOut: { edge: "end", longer: true },
  endIn: { edge: "end", longer: false },
  startOut: { edge: "start", longer: true },
  startIn: { edge: "start", longer: false },
};

const OPPOSITE = {};
for (const [one, other] of [["endOut", "endIn"], ["startOut", "startIn"], ["wordRight", "wordLeft"], ["letterRight", "letterLeft"]]) {
  OPPOSITE[one] = other;
  OPPOSITE[other] = one;
}

export class Adding {
  #draft = null;
  #timer = null;

  /**
   * @param {{store, ranges, offsets, names, notices, painter, acts, text: string,
   *   revision: number, me: string, goTo, current: () => object | undefined}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.selected = new Selected(parts);
    this.toolbar = new Toolbar({ ...parts, selected: this.selected, run: (command, key) => this.run(command, key) });
    this.offer = new Offer(parts);
    addEventListener("pagehide", () => this.settle());
  }

  /** Whether the keys of selected words hold. */
  get isOpen() {
    return this.selected.isOpen;
  }

  /** Begin to select words by keyboard, at the current tag. */
  begin() {
    const one = this.current();
    this.selected.beginAt(one ? this.offsets.toUnits(one.spans[0][0]) : this.#inSight());
    this.follow();
  }

  /** Show the bar as the selection is now. */
  follow() {
    this.selected.follow();
    this.ranges.paint("part", this.selected.parts.map((part) => part.units));
    this.ranges.paint("meant", this.selected.units() ? this.selected.spans("claim") : []);
    this.toolbar.follow();
  }

  /** The selection is meant letter by letter: Alt was held. */
  exactly() {
    this.selected.exact = true;
    this.follow();
  }

  /** Offer the other places of the words of one that was just accepted. */
  offerFor(id) {
    const one = this.store.get(id);
    if (one?.status === "accepted") this.offer.make(one);
  }

  /** A command of the room "words"; `extend` is whether Shift is held. */
  run(command, key = "", extend = false) {
    if (/^(word|sentence|letter)/.test(command)) this.selected.move(this.#mirrored(command, key), extend);
    else if (command === "escape") this.#leave();
    else if (command === "exact") this.selected.exact = !this.selected.exact;
    else if (command === "part") this.selected.keep();
    else if (this.selected.problem()) return this.notices.warn(this.selected.problem());
    else if (command === "claim") this.add("claim");
    else if (command === "type") this.#typed(key);
    else if (command === "cue") this.#cue();
    else if (command === "replace" || command === "join") this.#move(command === "join");
    else return this.toolbar.show(command);
    this.follow();
    return undefined;
  }

  /** Why the selection cannot be tagged, said aloud; whether it was. */
  explain() {
    const problem = this.selected.problem();
    if (problem) this.notices.warn(problem);
    return Boolean(problem);
  }

  /** Tag the selected words. */
  add(kind, type) {
    const tag = this.selected.asTag(kind);
    if (!tag) return this.explain();
    const there = this.store.at(kind, tag.spans);
    this.selected.clear();
    if (there) return this.acts.addAgain(there, type);
    const id = decide.newId();
    this.acts.do([["annotation", decide.add({ id, kind, type, ...tag, revision: this.revision, me: this.me })]]);
    this.goTo(id);
    this.offer.make(this.store.get(id));
    return undefined;
  }

  /** Move an end of the current tag by a word: shown at once, stored when no more keys come. */
  resize(asked, key = "") {
    const one = this.current();
    if (!one) return;
    const command = this.#mirrored(asked, key);
    const before = this.#draft ?? this.offsets.spansToUnits(one.spans);
    const spans = resized(this.text, before, { ...ENDS[command], kind: one.kind });
    if (!spans) {
      const why = ENDS[command].longer ? "A tag ends with its paragraph." : "One word is the least that a tag has.";
      return void this.notices.say(why);
    }
    this.#draft = spans;
    this.draftOf = one.id;
    this.painter.draft(one.id, spans);
    this.painter.reveal();
    this.notices.say(`“${short(this.#wordsOf(spans), 160)}”`);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.settle(), SETTLES_AFTER);
  }

  /** Store the tag that is being resized. */
  settle() {
    const spans = this.#draft;
    const one = this.drop();
    if (one) this.#stand(one, spans);
  }

  /** Leave the tag that is being resized as it was; returns it, if there is one. */
  drop() {
    clearTimeout(this.#timer);
    if (!this.#draft) return undefined;
    this.#draft = null;
    this.painter.draft(this.draftOf, null);
    return this.store.get(this.draftOf);
  }

  /** The arrow that points to the end of the line means onwards, in each direction of writing. */
  #mirrored(command, key) {
    if (!key.includes("Arrow") || !OPPOSITE[command]) return command;
    const [place] = this.selected.units() ?? this.offsets.spansToUnits(this.current()?.spans ?? [[0, 0]])[0];
    const at = this.ranges.rangeOf(place, place).startContainer.parentElement.closest("p");
    return at && getComputedStyle(at).direction === "rtl" ? OPPOSITE[command] : command;
  }

  #cue() {
    const { spans } = this.selected.asTag("claim");
    this.selected.clear();
    this.more.cue(spans);
  }

  #leave() {
    if (this.toolbar.kind) this.toolbar.kind = null;
    else this.selected.clear();
  }

  #typed(digit) {
    const kind = this.toolbar.kind ?? "entity";
    const type = this.names.typeOfDigit(kind, digit);
    if (type) this.add(kind, type);
  }

  /** Give the current tag the selected words in place of its own, or besides them. */
  #move(besides) {
    const one = this.current();
    if (!one) return this.notices.warn("Go to the tag first that is to have these words.");
    const spans = this.selected.spans(one.kind);
    this.selected.clear();
    return this.#stand(one, besides ? joined([...spans, ...this.offsets.spansToUnits(one.spans)]) : spans);
  }

  #stand(one, units) {
    const spans = this.offsets.spansToPoints(units);
    const there = this.store.at(one.kind, spans);
    if (there) {
      this.goTo(there.id);
      const what = there.id === one.id ? "The tag has these words already." : `These words are tagged already: ${this.names.label(there)}.`;
      return this.notices.say(what);
    }
    const was = this.#wordsOf(this.offsets.spansToUnits(one.spans));
    this.acts.do([["annotation", decide.respan(one, spans, was, this.#wordsOf(units))]]);
    return this.goTo(one.id);
  }

  #wordsOf(units) {
    return units.map((span) => this.text.slice(...span)).join(" ");
  }

  /** The first place in the text that can be seen. */
  #inSight() {
    const seen = this.ranges.paragraphs.find(({ element }) => element.getBoundingClientRect().bottom > 0);
    return seen?.start ?? 0;
  }
}
