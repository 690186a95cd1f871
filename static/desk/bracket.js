/**
 * Lines in the margin from a claim to its sources, or from a source to its claims: for the eye
 * only, the card and the marks' names say the same in words.
 */

const SVG = "http://www.w3.org/2000/svg";
// Pixels: how far the lines stand from the text, and from each other where there are several.
const GAP = 7;
const STEP = 4;
const MOST = 3;

export class Bracket {
  #asked = 0;

  /** @param {{root: HTMLElement, store, first: (id: string) => HTMLElement | null}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "bracket");
    this.svg.setAttribute("aria-hidden", "true");
    this.root.before(this.svg);
    new ResizeObserver(() => this.show(this.id)).observe(this.root);
  }

  /** Show the lines of an annotation, after the key's own effect is painted; none for null. */
  show(id) {
    this.id = id;
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => setTimeout(() => this.#draw()));
  }

  #draw() {
    const one = this.id && this.store.get(this.id);
    const ties = one && one.kind !== "entity" ? this.store.tiesOf(one.id) : [];
    const lines = ties.slice(0, MOST).map((tie) => this.#line(tie)).filter(Boolean);
    this.svg.replaceChildren(...lines.map((line, index) => draw(line, index)));
  }

  /** The heights between which a tie's line goes, counted from the text's own top. */
  #line(tie) {
    const ends = [tie.source && this.first(tie.source), this.first(tie.claim)];
    if (!ends[0] || !ends[1]) return null;
    const top = this.root.getBoundingClientRect().top;
    const [from, to] = ends.map((mark) => middle(mark.getClientRects()[0]) - top);
    return { from, to, status: tie.status };
  }
}

const middle = (box) => box.top + box.height / 2;

function draw({ from, to, status }, index) {
  const x = 40 - GAP - index * STEP;
  const path = document.createElementNS(SVG, "path");
  // Ends that stand on one line are still told apart.
  const apart = Math.abs(to - from) < 3 ? 3 : 0;
  path.setAttribute("d", `M40 ${from - apart}H${x}V${to + apart}H38m-4-4l4 4l-4 4`);
  path.setAttribute("class", `is-${status}`);
  return path;
}
