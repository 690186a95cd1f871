/**
 * What the page knows: how the server has each annotation and tie, and what was decided here and
 * is still under way. What is shown is the one with the other laid over it. No DOM, no network.
 *
 * A decision is `{request, seems}`: what is sent, and how the thing looks until the answer comes.
 */

const inTextOrder = (a, b) =>
  a.spans[0][0] - b.spans[0][0] || b.spans.at(-1)[1] - a.spans.at(-1)[1] || a.order - b.order;

export class Store {
  #confirmed = new Map();
  #shown = new Map();
  #orders = new Map();
  #sorted = null;
  #under_way = [];
  #listeners = [];

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
    return [...this.#shown.values()].filter(
      (thing) =>
        thing.subject === "tie" &&
        thing.status !== "rejected" &&
        (thing.claim === id || thing.source === id) &&
        this.get(thing.claim) &&
        (thing.source === null || this.get(thing.source)),
    );
  }

  /** The annotation of a kind at exactly these spans, whatever its status. */
  at(kind, spans) {
    const place = JSON.stringify(spans);
    return this.annotations().find(
      (one) => one.kind === kind && JSON.stringify(one.spans) === place,
    );
  }

  /** How many are left to decide, by kind. */
  left() {
    const counts = { entity: 0, claim: 0, source: 0 };
    for (const one of this.annotations()) if (one.status === "suggested") counts[one.kind] += 1;
    return counts;
  }

  /** How many decisions are not answered yet. */
  get waiting() {
    return this.#under_way.length;
  }

  /** Take in how the server has things. Older versions, and other texts', change nothing. */
  confirm(subject, snapshots) {
    const news = snapshots.filter((snapshot) => this.#keep(subject, snapshot));
    this.#tell(news.map((snapshot) => snapshot.id));
    return news.length > 0;
  }

  /** Show a decision at once. Its version is the one seen now, or what the one before it makes. */
  propose(subject, { request, seems }) {
    const id = request.id ?? seems.id;
    const decision = {
      subject,
      id,
      request,
      seems,
      before: this.#shown.get(id),
      version: this.#confirmed.get(id)?.version,
      follows: this.#under_way.findLast((one) => one.id === id),
    };
    this.#under_way.push(decision);
    this.#lay(id);
    this.#tell([id]);
    return decision;
  }

  /** What is to be sent for a decision. */
  wire(decision) {
    const { request, follows } = decision;
    const version = follows?.made?.version ?? decision.version;
    return { ...request, id: follows?.made?.id ?? request.id, version };
  }

  /** The server did it: `changed` and `ties` are how things stand now. */
  settle(decision, { changed, ties }) {
    decision.made = (decision.subject === "tie" ? ties : changed)[0];
    this.#under_way = this.#under_way.filter((one) => one !== decision);
    for (const snapshot of changed) this.#keep("annotation", snapshot);
    for (const snapshot of ties) this.#keep("tie", snapshot);
    // Something else may have taken its place here: a tie gets its id from the server.
    this.#lay(decision.id);
    this.#tell([decision.id, ...changed.map((s) => s.id), ...ties.map((s) => s.id)]);
  }

  /** The server refused: take it, and what was built on it, back. Returns all of these. */
  withdraw(decision) {
    const fallen = new Set([decision]);
    for (const one of this.#under_way) if (fallen.has(one.follows)) fallen.add(one);
    this.#under_way = this.#under_way.filter((one) => !fallen.has(one));
    this.#lay(decision.id);
    this.#tell([decision.id]);
    return [...fallen];
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
    for (const one of this.#under_way) {
      if (one.id === id) shown = { ...shown, ...one.seems, subject: one.subject };
    }
    const before = this.#shown.get(id);
    if (shown) this.#shown.set(id, { ...shown, order: this.#order(id) });
    else this.#shown.delete(id);
    if (!before || !shown || before.deleted !== shown.deleted || before.spans !== shown.spans) {
      this.#sorted = null;
    } else if (this.#sorted) {
      const place = this.#sorted.findIndex((one) => one.id === id);
      if (place >= 0) this.#sorted[place] = this.#shown.get(id);
    }
  }

  #order(id) {
    if (!this.#orders.has(id)) this.#orders.set(id, this.#orders.size);
    return this.#orders.get(id);
  }

  #tell(ids) {
    if (!ids.length) return;
    for (const listener of this.#listeners) listener(new Set(ids));
  }
}
