/**
 * What an editor can do: each act is shown at once, sent, kept for undo, and said aloud.
 */

import * as decide from "./decisions.js";
import { KINDS, short } from "./names.js";
import { leftInWords } from "./panel.js";
import { Steps } from "./steps.js";
import { nextOpen } from "./walk.js";

const DONE = {
  accept: "Accepted",
  reject: "Rejected",
  reopen: "Taken back",
  change: "Changed",
  add: "Tagged",
  delete: "Removed",
  restore: "Brought back",
  tie: "Tied",
  untie: "Untied",
};

export class Acts {
  /**
   * @param {{store, network, names, notices, selected, revision: number, me: string,
   *   goTo: (id: string, options?: object) => void, current: () => string | null}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.steps = new Steps({ store: parts.store, send: (pairs) => this.#send(pairs) });
  }

  accept() {
    this.#decideAndMoveOn(decide.accept, "accepted");
  }

  reject() {
    this.#decideAndMoveOn(decide.reject, "rejected");
  }

  /** Accept or reject one that is named, without moving the cursor to another. */
  decideOn(id, action) {
    const one = this.store.get(id);
    if (!one) return;
    this.goTo(id, { focus: false });
    this.#do([["annotation", decide[action](one)]]);
  }

  /** The current one's decision if it has one, else the last of mine. */
  takeBack() {
    const one = this.#one();
    if (!one || one.status === "suggested") return this.undo();
    if (one.creator && !one.suggester) return this.remove();
    return this.#do([["annotation", decide.reopen(one)]]);
  }

  remove() {
    const one = this.#one();
    if (!one) return;
    if (one.suggester) return this.notices.warn("A suggestion is not removed but rejected: press x.");
    this.#do([["annotation", decide.remove(one)]]);
    this.goTo(nextOpen(this.store.annotations(), one.id) ?? null);
  }

  /** Give the current one the type that the digit names; its own type accepts it. */
  type(digit) {
    const one = this.#one();
    const type = one && this.names.typeOfDigit(one.kind, digit);
    if (!type) return;
    const same = type === one.type;
    if (same && one.status === "accepted") return;
    this.#do([["annotation", same ? decide.accept(one) : decide.retype(one, type)]]);
  }

  attach(one, entity) {
    this.#do([["annotation", decide.attach(one, entity)]]);
  }

  rename(one, label) {
    this.#do([["annotation", decide.rename(one, label)]]);
  }

  /** Give the claim a sentence: a suggestion is accepted with it. */
  sentence(one, label) {
    const decision = one.status === "suggested" ? decide.accept(one, label) : decide.rename(one, label);
    this.#do([["annotation", decision]]);
  }

  /** Tie the claim to a source in place of what it was tied to; null unties it. */
  tie(claim, source) {
    const ties = this.store.tiesOf(claim.id);
    const wanted = source === undefined ? null : (source?.id ?? null);
    const stays = source !== undefined && ties.find((one) => one.source === wanted);
    const steps = ties.filter((one) => one !== stays).map((one) => ["tie", decide.untie(one)]);
    if (source !== undefined && stays?.status !== "accepted") {
      const kept = stays ?? ties[0];
      steps.push(["tie", decide.tie(claim.id, wanted, stays?.id ?? newId(), kept)]);
    }
    if (steps.length) this.#do(steps);
  }

  /** Tag the selected words. */
  add(kind, type) {
    const tag = this.selected.asTag(kind);
    if (!tag) return this.notices.warn("There are no words in the selection: spaces and signs alone cannot be tagged.");
    const there = this.store.at(kind, tag.spans);
    this.selected.clear();
    if (there) return this.#addAgain(there, type);
    const id = newId();
    const made = { id, kind, type, ...tag, revision: this.revision, me: this.me };
    this.#do([["annotation", decide.add(made)]]);
    this.goTo(id);
    return undefined;
  }

  /** The last step of mine, undone. */
  undo() {
    const step = this.steps.undo();
    if (!step) return this.notices.say("There is nothing of yours to undo.");
    const first = step.findLast((done) => done.subject === "annotation");
    if (first && this.store.get(first.id)) this.goTo(first.id);
    this.notices.say(`Undone: ${DONE[step[0].request.action].toLowerCase()} ${this.#what(step[0])}`);
    return undefined;
  }

  /** The server did what was asked. */
  done(decision, answer) {
    this.store.settle(decision, answer);
  }

  /** The server refused: show how things are, and say why. */
  refused(decision, status, answer) {
    if (status === 409 && this.#wasMine(decision, answer)) {
      return this.done(decision, { changed: [answer.current], ties: [] });
    }
    const fallen = this.store.withdraw(decision);
    this.network.forget(fallen);
    this.steps.drop(fallen);
    if (answer.current) this.store.confirm(answer.subject, [answer.current]);
    if (answer.annotation && this.store.get(answer.annotation)) this.goTo(answer.annotation);
    this.notices.warn(this.#whyNot(decision, status, answer));
    return undefined;
  }

  #addAgain(there, type) {
    this.goTo(there.id);
    if (there.status === "accepted" && (!type || there.type === type)) {
      return this.notices.say(`These words are tagged already: ${this.names.label(there)}.`);
    }
    const other = type && there.type !== type;
    return this.#do([["annotation", other ? decide.retype(there, type) : decide.accept(there)]]);
  }

  #decideAndMoveOn(make, status) {
    const one = this.#one();
    if (!one) return;
    const next = nextOpen(this.store.annotations(), one.id);
    if (one.status !== status) this.#do([["annotation", make(one)]]);
    if (next && next !== one.id) this.goTo(next);
  }

  #one() {
    const id = this.current();
    return id ? this.store.get(id) : undefined;
  }

  #do(pairs) {
    const step = this.#send(pairs);
    this.steps.keep(step);
    const what = `${DONE[step.at(-1).request.action]}: ${this.#what(step.at(-1))}`;
    // The eye has the counts beside the text.
    this.notices.say(what, { undo: true, aloud: `${what}. ${leftInWords(this.store.left())}.` });
  }

  #send(pairs) {
    return pairs.map(([subject, decision]) => {
      const proposed = this.store.propose(subject, decision);
      this.network.send(proposed);
      return proposed;
    });
  }

  #what({ subject, id, made }) {
    const one = this.store.peek(made?.id ?? id);
    if (subject === "tie") return "a claim and its source";
    const type = this.names.type(one) || KINDS[one.kind];
    return `${short(one.name || one.label, 60)}, ${type.toLowerCase()}`;
  }

  /** An answer that got lost makes us ask again: then the change that is in the way is our own. */
  #wasMine({ subject, seems }, { by, current }) {
    return subject === "annotation" && by === this.me && current.status === seems.status;
  }

  #whyNot({ seems, id }, status, { by, current, detail }) {
    const name = short(current?.name || this.store.peek(id)?.name || seems.name || "This", 60);
    if (status !== 409) return `Not stored: ${detail ?? "the server refused it."}`;
    const state = current.deleted ? "removed" : current.status === "suggested" ? "open again" : current.status;
    return `${by ?? "Somebody"} was faster: “${name}” is ${state} now, and your decision was not stored. Decide again if you disagree.`;
  }
}

/** A random UUID; `crypto.randomUUID` is there on secure origins only. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
