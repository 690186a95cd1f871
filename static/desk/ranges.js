/**
 * Between places in the page and places in the text (UTF-16 units).
 *
 * The text's paragraphs carry `data-start` and `data-end` in code points, and hold exactly those
 * characters, whatever elements they are cut into.
 */

export class Ranges {
  /** @param {HTMLElement} root @param {import("./offsets.js").Offsets} offsets */
  constructor(root, offsets) {
    this.root = root;
    this.paragraphs = [...root.querySelectorAll("p[data-start]")].map((element) => ({
      element,
      start: offsets.toUnits(Number(element.dataset.start)),
      end: offsets.toUnits(Number(element.dataset.end)),
    }));
  }

  /** What of a DOM range lies in the text, as [start, end]; null when nothing does. */
  unitsOf(range) {
    const touched = this.paragraphs.filter((one) => range.intersectsNode(one.element));
    if (!touched.length) return null;
    const start = this.#placeIn(touched[0], range.startContainer, range.startOffset, true);
    const end = this.#placeIn(touched.at(-1), range.endContainer, range.endOffset, false);
    return start < end ? [start, end] : null;
  }

  /** Whether all the words of a DOM range are the text's. */
  holds(range) {
    const outside = (from, to) => {
      const rest = document.createRange();
      rest.setStart(...from);
      rest.setEnd(...to);
      return rest.toString().trim() !== "";
    };
    const all = document.createRange();
    all.selectNodeContents(this.root);
    const before = range.compareBoundaryPoints(Range.START_TO_START, all) < 0;
    const after = range.compareBoundaryPoints(Range.END_TO_END, all) > 0;
    const { startContainer: start, endContainer: end } = range;
    return (
      range.intersectsNode(this.root) &&
      !(before && outside([start, range.startOffset], [this.root, 0])) &&
      !(after && outside([this.root, this.root.childNodes.length], [end, range.endOffset]))
    );
  }

  /** A DOM range around text[start:end]. */
  rangeOf(start, end) {
    const range = document.createRange();
    range.setStart(...this.#nodeAt(start, false));
    range.setEnd(...this.#nodeAt(end, true));
    return range;
  }

  /** What is selected, if any of it is in the text: its ends in units, where it began first. */
  selected() {
    const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = getSelection();
    if (isCollapsed || !this.root.contains(anchorNode) || !this.root.contains(focusNode)) return null;
    return [this.#unitAt(anchorNode, anchorOffset), this.#unitAt(focusNode, focusOffset)];
  }

  /** Select text from one place up to another, which may come before it. */
  select(from, to) {
    const { startContainer, startOffset, endContainer, endOffset } = this.rangeOf(Math.min(from, to), Math.max(from, to));
    const ends = [startContainer, startOffset, endContainer, endOffset];
    getSelection().setBaseAndExtent(...(from <= to ? ends : [...ends.slice(2), ...ends.slice(0, 2)]));
  }

  /** Paint spans over the text under a name that the style sheet knows, in place of those before. */
  paint(name, spans) {
    if (!globalThis.Highlight) return;
    const ranges = spans.map(([start, end]) => this.rangeOf(start, end));
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  }

  /** The indexes of the paragraphs that spans stand in. */
  touchedBy(spans) {
    const touched = new Set();
    for (const [start, end] of spans) {
      for (let index = this.#indexAfter(start); this.paragraphs[index]?.start < end; index += 1) touched.add(index);
    }
    return [...touched];
  }

  /** The index of the first paragraph that ends after a place. */
  #indexAfter(place) {
    let low = 0;
    let high = this.paragraphs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.paragraphs[middle].end > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #unitAt(node, offset) {
    const paragraph = this.paragraphs.find(({ element }) => element.contains(node)) ?? this.#paragraphAt(node, offset);
    return this.#placeIn(paragraph, node, offset, true);
  }

  /** The paragraph after a place between paragraphs. */
  #paragraphAt(node, offset) {
    const place = document.createRange();
    place.setStart(node, offset);
    return this.paragraphs.find(({ element }) => place.comparePoint(element, 0) >= 0) ?? this.paragraphs.at(-1);
  }

  #placeIn(paragraph, node, offset, isStart) {
    if (!paragraph.element.contains(node)) return isStart ? paragraph.start : paragraph.end;
    const before = document.createRange();
    before.setStart(paragraph.element, 0);
    before.setEnd(node, offset);
    return paragraph.start + before.toString().length;
  }

  #nodeAt(place, atEnd) {
    const index = Math.min(this.#indexAfter(atEnd ? place - 1 : place), this.paragraphs.length - 1);
    const paragraph = this.paragraphs[index];
    let left = Math.max(place - paragraph.start, 0);
    const walker = document.createTreeWalker(paragraph.element, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (node && (atEnd ? left > node.length : left >= node.length)) {
      const next = walker.nextNode();
      if (!next) break;
      left -= node.length;
      node = next;
    }
    return node ? [node, Math.min(left, node.length)] : [paragraph.element, 0];
  }
}
