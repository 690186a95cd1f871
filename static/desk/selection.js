/**
 * What is selected in the text, by mouse, touch or keyboard; and words selected by arrow keys.
 */

import { meant, sentenceWord, wordFrom, wordUpTo } from "./words.js";

export class Selected {
  /**
   * @param {{text: string, ranges: import("./ranges.js").Ranges,
   *   offsets: import("./offsets.js").Offsets}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    /** Whether the arrow keys move the selection. */
    this.byKeys = false;
    this.anchor = null;
  }

  /** What is selected of the text, in units; null when nothing is. */
  units() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    return range.intersectsNode(this.ranges.root) ? this.ranges.unitsOf(range) : null;
  }

  /** The selection as a tag of a kind: its words, and its spans in code points; null if empty. */
  asTag(kind) {
    const units = this.units();
    const span = units && meant(this.text, ...units, kind);
    if (!span) return null;
    return { words: this.text.slice(...span), spans: this.offsets.spansToPoints([span]) };
  }

  /** Where the selection's words are in the window; null when nothing is selected. */
  box() {
    return this.units() ? getSelection().getRangeAt(0).getBoundingClientRect() : null;
  }

  /** Begin to select by keyboard with the first word from a place on. */
  beginAt(place) {
    const word = wordFrom(this.text, place) ?? wordFrom(this.text, 0);
    if (!word) return;
    this.byKeys = true;
    this.#select(word, word);
  }

  /** Move by a word or sentence; with `extend` the selection grows or shrinks. */
  move(command, extend) {
    const [, head] = this.#ends();
    const next = {
      wordRight: () => wordFrom(this.text, head[1]),
      wordLeft: () => wordUpTo(this.text, head[0]),
      sentenceDown: () => sentenceWord(this.text, head[0]),
      sentenceUp: () => sentenceWord(this.text, head[0], true),
    }[command]();
    if (next) this.#select(extend ? this.anchor : next, next);
  }

  /** Select nothing. */
  clear() {
    this.byKeys = false;
    this.anchor = null;
    getSelection().removeAllRanges();
  }

  #ends() {
    return [this.anchor, this.head];
  }

  #select(anchor, head) {
    this.anchor = anchor;
    this.head = head;
    const start = Math.min(anchor[0], head[0]);
    const end = Math.max(anchor[1], head[1]);
    const range = this.ranges.rangeOf(start, end);
    const selection = getSelection();
    selection.setBaseAndExtent(
      range.startContainer,
      range.startOffset,
      range.endContainer,
      range.endOffset,
    );
    range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  }
}
