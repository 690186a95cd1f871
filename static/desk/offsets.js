/**
 * Code points and UTF-16 units: the one converter between what is stored and what browsers count.
 *
 * Stored offsets count Unicode code points; JavaScript strings count UTF-16 units, two for a
 * character outside the basic plane. A lone surrogate counts as one code point, as in Python.
 */

const HIGH = /[\uD800-\uDBFF](?=[\uDC00-\uDFFF])/g;

export class Offsets {
  #pairs;

  /** @param {string} text the whole text that the offsets count in */
  constructor(text) {
    this.#pairs = Uint32Array.from(text.matchAll(HIGH), (match) => match.index);
    this.units = text.length;
    this.points = text.length - this.#pairs.length;
  }

  /** The unit at which the code point number `point` begins. */
  toUnits(point) {
    return point + this.#count((pair, before) => pair - before < point);
  }

  /** The number of the code point that the unit belongs to. */
  toPoints(unit) {
    return unit - this.#count((pair) => pair < unit);
  }

  /** Spans in code points as spans in units. */
  spansToUnits(spans) {
    return spans.map(([start, end]) => [this.toUnits(start), this.toUnits(end)]);
  }

  /** Spans in units as spans in code points. */
  spansToPoints(spans) {
    return spans.map(([start, end]) => [this.toPoints(start), this.toPoints(end)]);
  }

  /** How many pairs, from the first on, satisfy what holds up to some pair and not after it. */
  #count(holds) {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#pairs[middle], middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
