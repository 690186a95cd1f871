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

  /** A DOM range around text[start:end]. */
  rangeOf(start, end) {
    const range = document.createRange();
    range.setStart(...this.#nodeAt(start, false));
    range.setEnd(...this.#nodeAt(end, true));
    return range;
  }

  /** The indexes of the paragraphs that spans stand in. */
  touchedBy(spans) {
    return this.paragraphs.flatMap((paragraph, index) =>
      spans.some(([start, end]) => start < paragraph.end && end > paragraph.start) ? [index] : [],
    );
  }

  #placeIn(paragraph, node, offset, isStart) {
    if (!paragraph.element.contains(node)) return isStart ? paragraph.start : paragraph.end;
    const before = document.createRange();
    before.setStart(paragraph.element, 0);
    before.setEnd(node, offset);
    return paragraph.start + before.toString().length;
  }

  #nodeAt(place, atEnd) {
    const paragraph =
      this.paragraphs.find((one) => (atEnd ? place <= one.end : place < one.end)) ??
      this.paragraphs.at(-1);
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
