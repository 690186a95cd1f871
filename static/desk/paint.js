/**
 * The text with its marks: makes the same elements as newsdesk/desk/marking.py, a paragraph at a
 * time, and only where something changed. A decision that moves nothing only changes classes.
 */

import { make } from "./elements.js";
import { speakersOf } from "./names.js";
import { cut } from "./segments.js";

export class Painter {
  /** Of each annotation: its place, label and paragraphs as they are drawn. */
  #drawn = new Map();

  /** The marks of each annotation, and the annotations in each paragraph. */
  #marks = new Map();
  #within = [];

  #current = null;
  #lit = [];
  #draft = null;

  /**
   * @param {{root: HTMLElement, text: string, offsets: import("./offsets.js").Offsets,
   *   ranges: import("./ranges.js").Ranges, store: import("./store.js").Store,
   *   names: import("./names.js").Names, walk: import("./walk.js").Walk}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.#within = this.ranges.paragraphs.map(() => new Set());
    for (const one of this.store.annotations()) this.#note(one);
    for (const mark of this.root.querySelectorAll("mark")) this.#keep(mark.dataset.id, mark);
  }

  /** Show how these annotations are now. Keeps the focus and the selection where they are. */
  update(ids) {
    const stale = new Set();
    for (const id of this.#withClaims(ids)) this.#updateOne(id, stale);
    if (stale.size) this.#redraw(stale);
  }

  /** Show an annotation at other spans (in units) until they are stored; null ends it. */
  draft(id, spans) {
    this.#draft = spans && { id, spans };
    this.update([id]);
  }

  /** Light one annotation and what it is tied to; nothing is measured yet. */
  setCurrent(id) {
    this.#current = id;
    this.#light();
  }

  /** Bring the current one into view; `focus` moves the keyboard's focus to it. */
  reveal({ focus = true } = {}) {
    const mark = this.first(this.#current);
    if (!mark) return;
    if (focus && document.activeElement !== mark) mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "nearest" });
  }

  /** Dim what is sifted out, anew. */
  sift() {
    for (const one of this.store.annotations()) {
      for (const mark of this.#marksOf(one.id)) mark.classList.toggle("is-out", !this.walk.shows(one));
    }
  }

  /** The first piece of an annotation: the one that can be focused. */
  first(id) {
    return this.#marksOf(id).find((mark) => mark.hasAttribute("tabindex")) ?? null;
  }

  #marksOf(id) {
    return this.#marks.get(id) ?? [];
  }

  #keep(id, mark) {
    if (this.#marks.has(id)) this.#marks.get(id).push(mark);
    else this.#marks.set(id, [mark]);
  }

  /** These, and the claims that say whose they are: a tie or a source alters how they read. */
  #withClaims(ids) {
    const touched = new Set(ids);
    for (const id of ids) {
      const thing = this.store.peek(id);
      if (thing?.subject === "tie") touched.add(thing.claim);
      else if (thing?.kind === "source") for (const tie of this.store.tiesOf(id)) touched.add(tie.claim);
    }
    return touched;
  }

  #labelOf(one) {
    return this.names.label(one, one.kind === "claim" ? speakersOf(this.store, one) : []);
  }

  #updateOne(id, stale) {
    const before = this.#drawn.get(id);
    const now = this.store.get(id);
    if (now && now.subject !== "annotation") return;
    if (now && before && before.place === this.#placeOf(now)) {
      if (before.look !== this.#lookOf(now)) this.#restyle(now);
      return;
    }
    for (const index of before?.paragraphs ?? []) {
      stale.add(index);
      this.#within[index].delete(id);
    }
    if (now) for (const index of this.#note(now)) stale.add(index);
    else this.#drawn.delete(id);
  }

  #note(one) {
    const paragraphs = this.ranges.touchedBy(this.#spansOf(one));
    for (const index of paragraphs) this.#within[index].add(one.id);
    this.#drawn.set(one.id, { place: this.#placeOf(one), look: this.#lookOf(one), paragraphs });
    return paragraphs;
  }

  #spansOf(one) {
    return this.#draft?.id === one.id ? this.#draft.spans : this.offsets.spansToUnits(one.spans);
  }

  #placeOf(one) {
    return String(this.#draft?.id === one.id ? this.#draft.spans : one.spans);
  }

  #lookOf(one) {
    return this.#labelOf(one) + this.walk.shows(one);
  }

  #restyle(one) {
    for (const mark of this.#marksOf(one.id)) {
      mark.className = this.#classOf(one);
      if (mark.hasAttribute("aria-label")) mark.setAttribute("aria-label", this.#labelOf(one));
    }
    this.#drawn.get(one.id).look = this.#lookOf(one);
    if (one.id === this.#current || this.#lit.some((mark) => mark.dataset.id === one.id)) this.#light();
  }

  #redraw(stale) {
    const active = document.activeElement;
    const focused = this.root.contains(active) ? active.dataset.id : null;
    const selected = this.ranges.selected();
    for (const index of stale) this.#drawParagraph(index);
    this.#light();
    if (selected) this.ranges.select(...selected);
    if (focused) this.first(focused)?.focus({ preventScroll: true });
  }

  #drawParagraph(index) {
    const { element, start, end } = this.ranges.paragraphs[index];
    const ids = this.#within[index];
    const marks = this.store
      .annotations()
      .filter((one) => ids.has(one.id))
      .map((one) => [one, this.#spansOf(one)]);
    const segments = cut(this.text, start, end, marks);
    const gone = new Set(element.getElementsByTagName("mark"));
    for (const id of new Set([...gone].map((mark) => mark.dataset.id))) {
      this.#marks.set(id, this.#marksOf(id).filter((mark) => !gone.has(mark)));
    }
    element.replaceChildren(...segments.map((segment) => this.#drawSegment(segment)));
  }

  #drawSegment(segment) {
    return segment.marks.reduceRight(
      (inner, one) => this.#drawMark(one, segment.start, inner),
      document.createTextNode(segment.text),
    );
  }

  #drawMark(one, start, inner) {
    const from = this.#spansOf(one)[0][0];
    const first = from === start || (from < start && !this.text.slice(from, start).trim());
    const focus = first
      ? { id: `tag-${one.id}`, tabindex: "0", role: "group", "aria-label": this.#labelOf(one) }
      : {};
    const mark = make("mark", { class: this.#classOf(one), "data-id": one.id, ...focus }, inner);
    this.#keep(one.id, mark);
    return mark;
  }

  #classOf(one) {
    return `tag tag-${one.kind} is-${one.status}${this.walk.shows(one) ? "" : " is-out"}`;
  }

  #light() {
    for (const mark of this.#lit) {
      mark.classList.remove("is-current", "is-tied");
      mark.removeAttribute("aria-current");
    }
    this.#lit = [];
    const one = this.#current && this.store.get(this.#current);
    this.#paintCues(one);
    if (!one) return;
    this.#lightUp(one.id, "is-current");
    this.first(one.id)?.setAttribute("aria-current", "true");
    for (const tie of this.store.tiesOf(one.id)) {
      const other = tie.claim === one.id ? tie.source : tie.claim;
      if (other) this.#lightUp(other, "is-tied");
    }
  }

  #lightUp(id, name) {
    for (const mark of this.#marksOf(id)) {
      mark.classList.add(name);
      this.#lit.push(mark);
    }
  }

  /** Cues are no annotations: they are painted over the text without elements of their own. */
  #paintCues(one) {
    const ties = one ? this.store.tiesOf(one.id) : [];
    this.ranges.paint("cue", ties.flatMap((tie) => this.offsets.spansToUnits(tie.cue)));
  }
}
