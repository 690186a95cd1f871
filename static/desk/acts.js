/**
 * What an editor can do: each act is shown at once, sent, kept for undo, and said aloud.
 */

import * as decide from "./decisions.js";
import { keyOf, written } from "./keys.js";
import { counted, KINDS, short } from "./names.js";
import { leftInWords } from "./panel.js";
import { placesOf, suggestedFrom } from "./walk.js";

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
  describe: "Described",
};

export class Acts {
  /**
   * @param {{store, steps, names, notices, walk: import("./walk.js").Walk,
   *   goTo: (id: string, options?: object) => void, current: () => string | null,
   *   accepted: (id: string) => void}} parts `accepted` is told of one that was just accepted
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  accept() {
    const one = this.#one();
    this.#decideAndMoveOn(decide.accept, "accepted");
    if (one) this.accepted(one.id);
  }

  reject() {
    this.#decideAndMoveOn(decide.reject, "rejected");
  }

  /** Accept or reject one that is named, without moving the cursor to another. */
  decideOn(id, action) {
    const one = this.store.get(id);
    if (!one) return;
    this.goTo(id, { focus: false });
    this.do([["annotation", decide[action](one)]]);
    if (action === "accept") this.accepted(id);
  }

  /** Accept every suggestion that is about what the current tag is about. */
  acceptPlaces() {
    const one = this.#one();
    if (!one) return;
    const places = placesOf(this.store.annotations(), one);
    this.#acceptAll(places, `of “${short(one.name, 40)}”`, "Every place of it is decided already.");
  }

  /** Accept every suggestion that is shown and as sure as `least`. */
  acceptFrom(least) {
    const percent = `${Math.round(least * 100)} %`;
    const sure = suggestedFrom(this.walk, least);
    this.#acceptAll(sure, `that were ${percent} sure or more`, `No suggestion is ${percent} sure or more.`);
  }

  /** The current one's decision if it has one, else the last of mine. */
  takeBack() {
    const one = this.#one();
    if (!one || one.status === "suggested") return this.undo();
    if (one.creator && !one.suggester) return this.remove();
    return this.do([["annotation", decide.reopen(one)]]);
  }

  remove() {
    const one = this.#one();
    if (!one) return;
    if (one.suggester) return this.notices.warn(`A suggestion is not removed but rejected: press ${written(keyOf("reject") ?? "Reject")}.`);
    this.do([["annotation", decide.remove(one)]]);
    this.goTo(this.walk.nextOpen(one.id) ?? null);
  }

  /** Give the current one the type that the digit names; its own type accepts it. */
  type(digit) {
    const one = this.#one();
    const type = one && this.names.typeOfDigit(one.kind, digit);
    if (!type) return;
    const same = type === one.type;
    if (same && one.status === "accepted") return;
    this.do([["annotation", same ? decide.accept(one) : decide.retype(one, type)]]);
    this.accepted(one.id);
  }

  attach(one, entity) {
    this.do([["annotation", decide.attach(one, entity)]]);
  }

  rename(one, label) {
    this.do([["annotation", decide.rename(one, label)]]);
  }

  /** Give the claim a sentence: a suggestion is accepted with it. */
  sentence(one, label) {
    const decision = one.status === "suggested" ? decide.accept(one, label) : decide.rename(one, label);
    this.do([["annotation", decision]]);
  }

  /** Say which thing of Wikidata the entity is. */
  identify(one, wikidata) {
    this.do([["annotation", decide.identify(one, wikidata)]]);
  }

  /** Say which words tell that the claim is its source's: its ties' cue, in code points. */
  cue(claim, spans) {
    const ties = this.store.tiesOf(claim.id);
    if (!ties.length) return this.notices.warn("The claim has no source yet: tie it first, then say which words tell so.");
    return this.do(ties.map((tie) => ["tie", decide.tie(claim.id, tie.source, tie.id, { ...tie, cue: spans })]));
  }

  /** Say that the claim is one that was made before. */
  same(one, claim) {
    this.do([["annotation", decide.same(one, claim)]]);
  }

  /** Say whom an unnamed source speaks for, and why it is not named. */
  describe(one, affiliation, reason) {
    this.do([["annotation", decide.describe(one, affiliation, reason)]]);
  }

  /** Tie the claim to a source in place of what it was tied to; undefined unties it. */
  tie(claim, source, byOutlet = false) {
    const ties = this.store.tiesOf(claim.id);
    const wanted = source === undefined ? null : (source?.id ?? null);
    const stays = source !== undefined && ties.find((one) => one.source === wanted && Boolean(one.by_outlet) === byOutlet);
    const steps = ties.filter((one) => one !== stays).map((one) => ["tie", decide.untie(one)]);
    if (source !== undefined && stays?.status !== "accepted") {
      const kept = stays ?? ties[0];
      steps.push(["tie", decide.tie(claim.id, wanted, stays?.id ?? decide.newId(), { ...kept, by_outlet: byOutlet })]);
    }
    if (steps.length) this.do(steps);
  }

  /** The last step of mine, undone. */
  async undo() {
    this.#sayTakenBack(await this.steps.undo(), "Undone", "There is nothing of yours to undo.");
  }

  /** What was undone last, done again. */
  async redo() {
    this.#sayTakenBack(await this.steps.redo(), "Done again", "There is nothing of yours to do again.");
  }

  #sayTakenBack(step, word, nothing) {
    if (!step) return this.notices.say(nothing);
    if (step.failed) return this.notices.warn("This step is of an earlier day and cannot be fetched without a connection.");
    const [first] = step.ids;
    if (step.ids.length === 1 && this.store.get(first)) this.goTo(first);
    const what = step.ids.length > 1 ? `${step.ids.length} tags` : this.#what(step.step.decisions[0]);
    return this.notices.say(`${word}: ${what}`);
  }

  /** Words were tagged that were tagged already. */
  addAgain(there, type) {
    this.goTo(there.id);
    if (there.status === "accepted" && (!type || there.type === type)) {
      return this.notices.say(`These words are tagged already: ${this.names.label(there)}.`);
    }
    const other = type && there.type !== type;
    return this.do([["annotation", other ? decide.retype(there, type) : decide.accept(there)]]);
  }

  #decideAndMoveOn(make, status) {
    const one = this.#one();
    if (!one) return;
    const next = this.walk.nextOpen(one.id);
    if (one.status !== status) this.do([["annotation", make(one)]]);
    if (next && next !== one.id) this.goTo(next);
  }

  #acceptAll(all, which, none) {
    if (!all.length) return this.notices.say(none);
    const kinds = [...new Set(all.map((one) => one.kind))];
    const many = kinds.length === 1 ? counted(all.length, kinds[0]) : `${all.length} tags`;
    this.do(all.map((one) => ["annotation", decide.accept(one)]), `Accepted: ${many} ${which}`);
    const here = this.#one();
    const next = here?.status === "suggested" ? here.id : this.walk.nextOpen(here?.id ?? null);
    return next && this.goTo(next);
  }

  #one() {
    const id = this.current();
    return id ? this.store.get(id) : undefined;
  }

  /** Do decisions as one step, and say so: `says` is what, where it is more than one can tell. */
  do(pairs, says) {
    const { decisions } = this.steps.do(pairs);
    const what = says ?? `${DONE[decisions.at(-1).request.action]}: ${this.#what(decisions.at(-1))}`;
    // The eye has the counts beside the text.
    this.notices.say(what, { undo: true, aloud: `${what}. ${leftInWords(this.store.left())}.` });
  }

  #what({ subject, id, made }) {
    const one = this.store.peek(made?.id ?? id);
    if (subject === "tie") return "a claim and its source";
    const type = this.names.type(one) || KINDS[one.kind];
    return `${short(one.name || one.label, 60)}, ${type.toLowerCase()}`;
  }
}
