/**
 * What the page knows: how the server has each annotation and tie, and what was decided here and
 * is still under way. What is shown is the one with the other laid over it. No DOM, no network.
 *
 * A decision is `{request, seems}`: what is sent, and how the thing looks until the answer comes.
 */

/** Where they begin, the longer first. */
export const inTextOrder = (a, b) =>
  a.spans[0][0] - b.spans[0][0] || b.spans.at(-1)[1] - a.spans.at(-1)[1] || a.order - b.order;

// More than these at once, and sorting anew is less work than finding each one's place.
const MANY = 20;

export class Store {
  #confirmed = new Map();
  #shown = new Map();
  #orders = new Map();
  #ties = new Map();
  #sorted = null;
  /** The decisions that are not answered, by the id of what they are about. */
  #under_way = new Map();
  #listeners = [];

  /** How many decisions are not answered yet. */
  waiting = 0;

  /** @param {{revision: number, annotations: object[], ties: object[]}} state */
  constructor({ revision, annotations, ties }) {
    this.revision = revision;
    for (const snapshot of annotations) this.#keep("annotation", snapshot);
    for (const snapshot of ties) this.#keep("tie", snapshot);
  }

  /** Be told of what changed: a set of ids, once for each call that changed something. */
  subscribe(listener) {
    this.#listeners.push(listener);
  }

  /** An annotation or tie as it is shown; undefined if there is none, or none any more. */
  get(id) {
    const thing = this.#shown.get(id);
    return thing && !thing.deleted ? thing : undefined;
  }

  /** The same, also when it is deleted. */
  peek(id) {
    return this.#shown.get(id);
  }

  /** Every annotation that is not deleted, in the order of the text. */
  annotations() {
    this.#sorted ??= [...this.#shown.values()]
      .filter((thing) => thing.subject === "annotation" && !thing.deleted)
      .sort(inTextOrder);
    return this.#sorted;
  }

  /** The ties that hold or are suggested, of a claim or to a source; both their ends are there. */
  tiesOf(id) {
    return [...(this.#ties.get(id) ?? [])]
      .map((key) => this.#shown.get(key))
      .filter(
        (tie) =>
          tie &&
          tie.status !== "rejected" &&
          this.get(tie.claim) &&
          (tie.source === null || this.get(tie.source)),
      );
  }

  /** The annotation of a kind at exactly these spans, whatever its status. */
  at(kind, spans) {
    const place = String(spans);
    return this.annotations().find((one) => one.kind === kind && String(one.spans) === place);
  }

  /** How many are left to decide, by kind. */
  left() {
    const counts = { entity: 0, claim: 0, source: 0 };
    for (const one of this.annotations()) if (one.status === "suggested") counts[one.kind] += 1;
    return counts;
  }

  /** The ids of what a decision is under way on. */
  undecided() {
    return [...this.#under_way.keys()];
  }

  /** Take in how the server has things. Older versions, and other texts', change nothing. */
  confirm(subject, snapshots) {
    this.#begin(snapshots);
    const news = snapshots.filter((snapshot) => this.#keep(subject, snapshot));
    this.#tell(news.map((snapshot) => snapshot.id));
    return news.length > 0;
  }

  /**
   * Show decisions at once: pairs of "annotation" or "tie" and `{request, seems, version, away}`.
   * Without a version it is the one seen now, or the one that the decision before it makes; `away`
   * are those of another text, whose spans mean nothing here.
   */
  propose(pairs) {
    this.#begin(pairs);
    const decisions = pairs.map(([subject, decision]) => this.#propose(subject, decision));
    this.#tell(decisions.map((one) => one.id));
    return decisions;
  }

  /** What is to be sent for a decision. */
  wire({ request, id, follows, version }) {
    const before = follows?.made;
    return { ...request, id: before?.id ?? id, version: before?.version ?? version };
  }

  /** The server did these: pairs of a decision and how things stand now (`changed`, `ties`). */
  settle(pairs) {
    this.#begin(pairs);
    const ids = pairs.flatMap(([decision, { changed, ties }]) => {
      decision.made = (decision.subject === "tie" ? ties : changed)[0];
      this.#end(decision);
      for (const snapshot of changed) this.#keep("annotation", snapshot);
      for (const snapshot of ties) this.#keep("tie", snapshot);
      // Something else may have taken its place here: a tie that was there keeps its id.
      this.#lay(decision.id);
      return [decision.id, ...changed.map((s) => s.id), ...ties.map((s) => s.id)];
    });
    this.#tell(ids);
  }

  /** The server refused these: take them, and what was built on them, back. Returns all of it. */
  withdraw(decisions) {
    const fallen = new Set(decisions);
    for (const { id } of decisions) {
      for (const one of this.#under_way.get(id) ?? []) if (fallen.has(one.follows)) fallen.add(one);
    }
    this.#begin(decisions);
    for (const one of fallen) this.#end(one);
    for (const one of fallen) this.#lay(one.id);
    this.#tell([...fallen].map((one) => one.id));
    return [...fallen];
  }

  #begin(things) {
    if (things.length > MANY) this.#sorted = null;
  }

  #propose(subject, { request, seems, version, away }) {
    const id = request.id ?? seems.id;
    const others = this.#under_way.get(id) ?? [];
    const follows = others.at(-1);
    const decision = {
      subject,
      id,
      request,
      seems,
      away,
      before: this.#shown.get(id),
      version: version ?? (follows ? (follows.version ?? 0) + 1 : this.#confirmed.get(id)?.version),
      follows,
    };
    this.#under_way.set(id, [...others, decision]);
    this.waiting += 1;
    this.#lay(id);
    return decision;
  }

  #end(decision) {
    const others = this.#under_way.get(decision.id) ?? [];
    const left = others.filter((one) => one !== decision);
    this.waiting -= others.length - left.length;
    if (left.length) this.#under_way.set(decision.id, left);
    else this.#under_way.delete(decision.id);
  }

  #keep(subject, snapshot) {
    const known = this.#confirmed.get(snapshot.id);
    const elsewhere = subject === "annotation" && snapshot.revision !== this.revision;
    if (elsewhere || (known && known.version >= snapshot.version)) return false;
    this.#confirmed.set(snapshot.id, { ...snapshot, subject });
    this.#lay(snapshot.id);
    return true;
  }

  #lay(id) {
    let shown = this.#confirmed.get(id);
    for (const { seems, subject, away } of this.#under_way.get(id) ?? []) {
      const { spans, cue, ...rest } = seems;
      if (!away) shown = { ...shown, ...seems, subject };
      else if (shown) shown = { ...shown, ...rest };
    }
    const before = this.#shown.get(id);
    if (shown) this.#shown.set(id, { ...shown, order: this.#order(id) });
    else this.#shown.delete(id);
    if (shown?.subject === "tie") return this.#tied(id, shown);
    const stays = before && shown && before.deleted === shown.deleted;
    if (!stays || String(before.spans) !== String(shown.spans)) {
      this.#sorted = null;
    } else if (this.#sorted) {
      const place = this.#sorted.findIndex((one) => one.id === id);
      if (place >= 0) this.#sorted[place] = this.#shown.get(id);
    }
    return undefined;
  }

  #tied(id, { claim, source }) {
    for (const end of [claim, source]) {
      if (end) this.#ties.set(end, (this.#ties.get(end) ?? new Set()).add(id));
    }
  }

  #order(id) {
    if (!this.#orders.has(id)) this.#orders.set(id, this.#orders.size);
    return this.#orders.get(id);
  }

  #tell(ids) {
    if (!ids.length) return;
    const told = new Set(ids);
    for (const listener of this.#listeners) listener(told);
  }
}
