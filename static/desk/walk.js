/**
 * Where the cursor goes, and what is shown: by place or least sure first, of one kind, status or
 * confidence only, and what was skipped at the end. No DOM.
 */

import { bandOf } from "./names.js";
import { inTextOrder } from "./store.js";

const sureness = (one) => one.confidence ?? 1;

const ORDERS = {
  place: inTextOrder,
  sure: (a, b) => sureness(a) - sureness(b) || inTextOrder(a, b),
};

/** The first of the things by an order. */
function firstOf(things, order) {
  let found;
  for (const one of things) if (!found || order(one, found) < 0) found = one;
  return found;
}

export class Walk {
  /** Whether the least sure come first. */
  leastSure = false;

  /** What is shown only: a kind, a status, a confidence band; empty for all. */
  only = { kind: "", status: "", band: "" };

  #skipped = new Set();

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /** Which of two annotations comes first, as a comparator. */
  get order() {
    return this.leastSure ? ORDERS.sure : ORDERS.place;
  }

  get isSifted() {
    return Boolean(this.only.kind || this.only.status || this.only.band);
  }

  /** Whether an annotation is shown; `but` names a sieve to leave out. */
  shows(one, but) {
    const { kind, status, band } = this.only;
    return (
      (but === "kind" || !kind || one.kind === kind) &&
      (!status || one.status === status) &&
      (but === "band" || !band || bandOf(one.confidence) === band)
    );
  }

  /** The neighbour of the annotation `id` (the first or last one when there is none); or `id`. */
  neighbour(id, back = false) {
    const order = back ? (a, b) => this.order(b, a) : this.order;
    const here = id && this.store.peek(id);
    const stops = this.store.annotations().filter((one) => this.#stops(one) && (!here || order(one, here) > 0));
    return firstOf(stops, order)?.id ?? id;
  }

  /**
   * The next one to decide after `id`, going round at the end; what was skipped comes last, in
   * the order in which it was; undefined when none is left.
   */
  nextOpen(id) {
    const open = this.store.annotations().filter((one) => one.status === "suggested" && this.shows(one));
    const others = open.filter((one) => one.id !== id);
    const fresh = others.filter((one) => !this.#skipped.has(one.id));
    const here = id && this.store.peek(id);
    const after = here ? fresh.filter((one) => this.order(one, here) > 0) : fresh;
    const found = firstOf(after, this.order) ?? firstOf(fresh, this.order);
    if (found) return found.id;
    const left = new Set(others.map((one) => one.id));
    return [...this.#skipped].find((one) => left.has(one)) ?? open[0]?.id;
  }

  /** Leave one for the end. */
  skip(id) {
    this.#skipped.delete(id);
    this.#skipped.add(id);
  }

  wasSkipped(id) {
    return this.#skipped.has(id);
  }

  /** What the cursor stops at: all but what was rejected, unless that is what is asked for. */
  #stops(one) {
    return this.shows(one) && (one.status !== "rejected" || this.only.status === "rejected");
  }
}

/** Of the annotations at one place, the one after `id`, from the innermost outwards and round. */
export function nextAt(idsFromInside, id) {
  return idsFromInside[(idsFromInside.indexOf(id) + 1) % idsFromInside.length];
}

/** The suggestions that are as sure as `least`, of what is shown. */
export function suggestedFrom(walk, least) {
  return walk.store
    .annotations()
    .filter((one) => one.status === "suggested" && one.confidence >= least && walk.shows(one));
}

/** The suggestions of the very thing that an annotation is about, itself among them. */
export function placesOf(annotations, about) {
  const name = about.name.toLowerCase();
  const same = (one) =>
    one.body && about.body
      ? one.body.id === about.body.id
      : one.type === about.type && one.name.toLowerCase() === name;
  return annotations.filter((one) => one.status === "suggested" && one.kind === about.kind && same(one));
}

/** How many are left by kind and by confidence, and how many of each status are shown. */
export function tally(walk) {
  const left = { entity: 0, claim: 0, source: 0, sure: 0, likely: 0, unsure: 0 };
  const shown = { suggested: 0, accepted: 0, rejected: 0 };
  for (const one of walk.store.annotations()) {
    if (walk.shows(one)) shown[one.status] += 1;
    if (one.status !== "suggested") continue;
    const { kind } = walk.only;
    const { band } = walk.only;
    const its = bandOf(one.confidence);
    if (!band || band === its) left[one.kind] += 1;
    if (!kind || kind === one.kind) left[its] += 1;
  }
  return { left, shown };
}
