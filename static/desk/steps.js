/**
 * What an editor does, as steps. A step is one or many decisions: shown at once, kept in this
 * browser, sent as one, and undone as one. What the server refuses is taken back and, where a
 * colleague was faster or something typed would be lost, kept for the editor to choose about.
 */

import { newId, revert } from "./decisions.js";
import { History } from "./history.js";

export class Steps {
  /**
   * @param {{store, waiting, network, me: string, revision: number, steps: object[],
   *   rowsOf: (step: string) => Promise<object[] | null>, refused: (refusals: object[]) => void,
   *   unkept: () => void}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.history = new History(parts.steps);
  }

  /** Do decisions, pairs of a subject and `{request, seems}`, as one step; their spans count in `revision`. */
  do(pairs, undoes = null, revision = this.revision) {
    const step = { id: newId(), undoes, revision, decisions: this.#propose(pairs, revision) };
    if (!this.waiting.keep(step)) this.unkept();
    this.#begin(step);
    return step;
  }

  /** Undo the last step that is not undone: what it touched; null when there is none. */
  undo() {
    return this.#takeBack(this.history.last);
  }

  /** Do again what was undone last. */
  redo() {
    return this.#takeBack(this.history.lastUndone);
  }

  /** Go on with what an earlier page left; it was decided on the text of that time. */
  resume(items) {
    for (const { pairs, ...item } of items) {
      this.#begin({ ...item, decisions: this.#propose(pairs, item.revision) });
    }
  }

  /** What is sent of a step; null when all of it fell with others. */
  wire(step) {
    const decisions = standing(step).map((one) => this.store.wire(one));
    const { id, undoes, revision } = step;
    if (decisions.length) return { action: "batch", step: id, undoes, revision, user: this.me, decisions };
    this.#forget(step);
    return null;
  }

  /** The server answered: with a result for each decision, or with one for all. */
  answered(step, status, answer) {
    const sent = standing(step);
    const results = sent.map((decision, index) => [decision, answer.results?.[index] ?? { ...answer, status }]);
    const done = results.filter(([, result]) => result.status === 200);
    const agreed = results.filter(([decision, result]) => agrees(decision, result));
    this.store.settle([...done, ...agreed.map(([decision, { current }]) => [decision, { changed: [current], ties: [] }])]);
    const refused = results.filter((one) => !done.includes(one) && !agreed.includes(one));
    if (refused.length) this.#refuse(step, refused);
    if (done.length) this.waiting.drop(step.id);
    else this.#forget(step);
  }

  /** What was decided on another text shows on this one as far as it has no place of its own. */
  #propose(pairs, revision) {
    const here = revision === this.revision;
    return this.store.propose(here ? pairs : pairs.map(([subject, one]) => [subject, { ...one, away: true }]));
  }

  #begin(step) {
    const { id, undoes, decisions } = step;
    this.history.add({ step: id, undoes, decisions });
    this.network.send(step);
  }

  #forget(step) {
    this.history.drop(step.id);
    this.waiting.drop(step.id);
  }

  async #takeBack(entry) {
    if (!entry) return null;
    const rows = entry.rows ?? touched(entry.decisions) ?? (await this.rowsOf(entry.step));
    if (!rows) return { ids: [], failed: true };
    const pairs = rows.map((row) => [row.subject, revert(row)]);
    const step = this.do(pairs, entry.step);
    return { ids: rows.filter((row) => row.subject === "annotation").map((row) => row.id), step };
  }

  #refuse(step, refused) {
    const fallen = this.store.withdraw(refused.map(([decision]) => decision));
    for (const one of fallen) one.fallen = true;
    const refusals = refused.map(([decision, answer]) => {
      const mine = fallen.filter((one) => one.id === decision.id).map(({ subject, request, seems }) => ({ subject, request, seems }));
      const subject = { attribution: "tie" }[answer.subject] ?? answer.subject;
      if (answer.current) this.store.confirm(subject, [answer.current]);
      const { undoes, revision } = step;
      const choice = { key: `${step.id}-${decision.id}`, id: decision.id, undoes, revision, mine, answer };
      if (answer.status === 409 || mine.some(typed)) choice.kept = this.waiting.keepChoice(choice);
      return choice;
    });
    this.refused(refusals);
  }
}

const standing = (step) => step.decisions.filter((one) => !one.fallen);

/** Each thing that decisions touched, once, with how it stood before the first of them. */
function touched(decisions) {
  if (!decisions) return null;
  const rows = new Map();
  for (const { subject, id, made, before, fallen } of decisions) {
    const key = made?.id ?? id;
    if (!fallen && !rows.has(key)) rows.set(key, { subject, id: key, before });
  }
  return [...rows.values()].reverse();
}

/** Whether what a colleague did meanwhile is the very thing that this decision wanted. */
function agrees({ subject, before, seems }, { status, current }) {
  if (status !== 409 || subject !== "annotation" || !current) return false;
  const wanted = { ...before, ...seems };
  const same = (name) => JSON.stringify(wanted[name]) === JSON.stringify(current[name]);
  return ["status", "type", "spans", "deleted"].every(same) && (!seems.name || same("name"));
}

/** Whether an editor would have to find or type something again. */
const typed = ({ request }) => request.action === "add" || Boolean(request.label || request.entity || request.spans);
