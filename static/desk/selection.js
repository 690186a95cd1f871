/**
 * What is selected in the text, by mouse, touch or keyboard: the parts kept so far, and what the
 * browser has selected now; and words selected by keys.
 */

import { joined } from "./resizing.js";
import { letterFrom, meant, sentenceEnd, sentenceWord, snapped, wordFrom, wordUpTo } from "./words.js";

export class Selected {
  /** Whether keys began the selection: then they go on with it when nothing is selected. */
  byKeys = false;

  /** Whether the letters count as they are selected, not the words that they belong to. */
  exact = false;

  /** The parts that are kept: units, and whether exactly these. */
  parts = [];

  #anchor = null;
  #head = null;
  #held = null;
  #mine = null;

  /**
   * @param {{text: string, ranges: import("./ranges.js").Ranges,
   *   offsets: import("./offsets.js").Offsets}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Whether there is something to tag, or to say why not. */
  get isOpen() {
    return this.parts.length > 0 || this.units() !== null;
  }

  /** What is selected of the text now, in units; null when nothing is. */
  units() {
    const range = selectedRange();
    if (!range) return this.#held;
    return range.intersectsNode(this.ranges.root) ? this.ranges.unitsOf(range) : null;
  }

  /** Why what is selected cannot be tagged, in words; null when it can. */
  problem() {
    const range = selectedRange();
    if (range && !this.ranges.holds(range)) {
      return range.intersectsNode(this.ranges.root)
        ? "The selection reaches beyond the story’s text: select words within it."
        : "The selected words are not in the story’s text: select words there.";
    }
    const units = this.units();
    if (!units && !this.parts.length) return "Nothing is selected: select some words of the text first.";
    if (units && !meant(this.text, ...units, "entity", this.exact)) {
      return "There are no words in the selection: spaces and signs alone cannot be tagged.";
    }
    return null;
  }

  /** The spans that a tag of a kind would have, in units; empty when there are none. */
  spans(kind) {
    const units = this.problem() ? null : this.units();
    const parts = units ? [...this.parts, { units, exact: this.exact }] : this.parts;
    return joined(parts.map((part) => meant(this.text, ...part.units, kind, part.exact)).filter(Boolean));
  }

  /** The selection as a tag of a kind: its words, and its spans in code points; null if empty. */
  asTag(kind) {
    const spans = this.spans(kind);
    if (!spans.length) return null;
    const words = spans.map((span) => this.text.slice(...span)).join(" … ");
    return { words, spans: this.offsets.spansToPoints(spans) };
  }

  /** Keep what is selected as a part, and select nothing. */
  keep() {
    const units = this.units();
    if (!units || this.problem()) return;
    this.parts = [...this.parts, { units, exact: this.exact }];
    const [, end] = snapped(this.text, ...units);
    this.#unselect();
    this.#head = [end, end];
    this.byKeys = true;
  }

  /** Where the words are in the window; null when there are none. */
  box() {
    const range = this.units() && selectedRange();
    if (range) return range.getBoundingClientRect();
    const held = this.#held ?? this.parts.at(-1)?.units;
    return held ? this.ranges.rangeOf(...held).getBoundingClientRect() : null;
  }

  /** Keep what is selected while a finger is on the bar: the browser may let go of it. */
  hold() {
    this.#held = this.units();
  }

  letGo() {
    this.#held = null;
  }

  /** Begin to select by keyboard with the first word from a place on. */
  beginAt(place) {
    const word = wordFrom(this.text, place) ?? wordFrom(this.text, 0);
    if (!word) return;
    this.exact = false;
    this.#select(word, word);
  }

  /** Move by a word, sentence or letter; with `extend` the selection grows or shrinks. */
  move(command, extend) {
    if (!this.#takeOver()) return;
    if (command.startsWith("letter")) return this.#byLetter(command === "letterLeft");
    const head = this.#head;
    const next = {
      wordRight: () => wordFrom(this.text, head[1]),
      wordLeft: () => wordUpTo(this.text, head[0]),
      sentenceDown: () => (extend ? sentenceEnd(this.text, head[1]) : sentenceWord(this.text, head[0])),
      sentenceUp: () => sentenceWord(this.text, head[0], true),
    }[command]();
    if (!next) return;
    this.exact = false;
    this.#select(extend ? (this.#anchor ?? next) : next, next);
  }

  /** Select nothing, and keep no parts. */
  clear() {
    this.parts = [];
    this.byKeys = false;
    this.exact = false;
    this.#unselect();
  }

  /** The browser's selection changed: unless keys did it, they go on from what it is now. */
  follow() {
    if (this.#held || String(this.units()) === String(this.#mine)) return;
    if (!this.parts.length) this.byKeys = false;
    this.#anchor = null;
  }

  #unselect() {
    this.#held = this.#mine = this.#anchor = this.#head = null;
    getSelection().removeAllRanges();
  }

  /** Go on by keys with what mouse or finger selected; false when there is nothing to go on with. */
  #takeOver() {
    if (this.#anchor || (this.#head && !this.units())) return true;
    const units = this.units();
    if (!units) return false;
    const [start, end] = snapped(this.text, ...units);
    const first = wordFrom(this.text, start) ?? [start, end];
    const last = wordUpTo(this.text, end) ?? [start, end];
    [this.#anchor, this.#head] = [first, last];
    return true;
  }

  #byLetter(back) {
    const [start, end] = this.units() ?? [];
    const to = end && letterFrom(this.text, end, back);
    if (!to || to <= start) return;
    this.#head = [this.#head[0], to];
    this.exact = true;
    this.#show(start, to);
  }

  #select(anchor, head) {
    this.#anchor = anchor;
    this.#head = head;
    this.byKeys = true;
    this.#show(Math.min(anchor[0], head[0]), Math.max(anchor[1], head[1]));
  }

  #show(start, end) {
    this.#mine = [start, end];
    this.ranges.select(start, end);
    getSelection().focusNode.parentElement.scrollIntoView({ block: "nearest" });
  }
}

/** The browser's selection as a range, where it holds anything. */
function selectedRange() {
  const selection = getSelection();
  return selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
}
