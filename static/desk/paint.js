/**
 * The text with its marks: makes the same elements as newsdesk/desk/marking.py, a paragraph at a
 * time, and only where something changed. A decision that moves nothing only changes classes.
 */

import { make } from "./elements.js";
import { cut } from "./segments.js";

const CUE = "cue";

export class Painter {
  #drawn = new Map();
  #current = null;

  /**
   * @param {{root: HTMLElement, text: string, offsets: import("./offsets.js").Offsets,
   *   ranges: import("./ranges.js").Ranges, store: import("./store.js").Store,
   *   names: import("./names.js").Names}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    for (const one of this.store.annotations()) this.#note(one);
  }

  /** Show how these annotations are now. Keeps the focus on the mark that has it. */
  update(ids) {
    const stale = new Set();
    for (const id of ids) this.#updateOne(id, stale);
    if (!stale.size) return;
    const focused = this.root.contains(document.activeElement)
      ? document.activeElement.dataset.id
      : null;
    for (const index of stale) this.#drawParagraph(index);
    this.#markCurrent();
    if (focused) this.first(focused)?.focus({ preventScroll: true });
  }

  /** Make one annotation the current one; `focus` moves the keyboard's focus to it. */
  setCurrent(id, { focus = true } = {}) {
    this.root.querySelectorAll(".is-current, .is-tied").forEach((mark) => {
      mark.classList.remove("is-current", "is-tied");
      mark.removeAttribute("aria-current");
    });
    this.#current = id;
    this.#markCurrent();
    const mark = this.first(id);
    if (!mark) return;
    if (focus && document.activeElement !== mark) mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "nearest" });
  }

  /** The first piece of an annotation: the one that can be focused. */
  first(id) {
    return id ? this.root.querySelector(`mark[data-id="${CSS.escape(id)}"][tabindex]`) : null;
  }

  #updateOne(id, stale) {
    const before = this.#drawn.get(id);
    const now = this.store.get(id);
    if (now && now.subject !== "annotation") return;
    if (now && before && before.place === placeOf(now)) {
      if (before.label !== this.names.label(now)) this.#restyle(now);
      return;
    }
    for (const index of before?.paragraphs ?? []) stale.add(index);
    if (now) for (const index of this.#note(now)) stale.add(index);
    else this.#drawn.delete(id);
  }

  #note(one) {
    const paragraphs = this.ranges.touchedBy(this.offsets.spansToUnits(one.spans));
    this.#drawn.set(one.id, { place: placeOf(one), label: this.names.label(one), paragraphs });
    return paragraphs;
  }

  #restyle(one) {
    for (const mark of this.#marks(one.id)) {
      mark.className = classOf(one);
      if (mark.hasAttribute("aria-label")) mark.setAttribute("aria-label", this.names.label(one));
    }
    this.#drawn.get(one.id).label = this.names.label(one);
    if (one.id === this.#current) this.#markCurrent();
  }

  #drawParagraph(index) {
    const { element, start, end } = this.ranges.paragraphs[index];
    const marks = this.store
      .annotations()
      .filter((one) => this.#drawn.get(one.id)?.paragraphs.includes(index))
      .map((one) => [one, this.offsets.spansToUnits(one.spans)]);
    const segments = cut(this.text, start, end, marks);
    element.replaceChildren(...segments.map((segment) => this.#drawSegment(segment)));
  }

  #drawSegment(segment) {
    return segment.marks.reduceRight(
      (inner, one) => this.#drawMark(one, segment.start, inner),
      document.createTextNode(segment.text),
    );
  }

  #drawMark(one, start, inner) {
    const from = this.offsets.toUnits(one.spans[0][0]);
    const first = from === start || (from < start && !this.text.slice(from, start).trim());
    const focus = first
      ? { id: `tag-${one.id}`, tabindex: "0", role: "group", "aria-label": this.names.label(one) }
      : {};
    return make("mark", { class: classOf(one), "data-id": one.id, ...focus }, inner);
  }

  #marks(id) {
    return this.root.querySelectorAll(`mark[data-id="${CSS.escape(id)}"]`);
  }

  #markCurrent() {
    const one = this.#current && this.store.get(this.#current);
    this.#paintCues(one);
    if (!one) return;
    for (const mark of this.#marks(one.id)) mark.classList.add("is-current");
    this.first(one.id)?.setAttribute("aria-current", "true");
    for (const tie of this.store.tiesOf(one.id)) {
      const other = tie.claim === one.id ? tie.source : tie.claim;
      if (other) for (const mark of this.#marks(other)) mark.classList.add("is-tied");
    }
  }

  /** Cues are no annotations: they are painted over the text without elements of their own. */
  #paintCues(one) {
    if (!globalThis.Highlight) return;
    CSS.highlights.delete(CUE);
    if (!one) return;
    const spans = this.store.tiesOf(one.id).flatMap((tie) => this.offsets.spansToUnits(tie.cue));
    const ranges = spans.map(([start, end]) => this.ranges.rangeOf(start, end));
    if (ranges.length) CSS.highlights.set(CUE, new Highlight(...ranges));
  }
}

const placeOf = (one) => JSON.stringify(one.spans);
const classOf = (one) => `tag tag-${one.kind} is-${one.status}`;
