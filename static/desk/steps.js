/** My decisions, the last one last; each step is a list that is undone together. */

import * as decide from "./decisions.js";

export class Steps {
  #steps = [];

  /** @param {{store, send: (pairs: [string, object][]) => object[]}} parts */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Remember decisions as one step. */
  keep(decisions) {
    this.#steps.push(decisions);
  }

  /** Forget the steps of decisions that the server refused. */
  drop(fallen) {
    this.#steps = this.#steps.filter((step) => !step.some((one) => fallen.includes(one)));
  }

  /** Undo the last step; returns it, or undefined when there is none. */
  undo() {
    const step = this.#steps.pop();
    if (!step) return undefined;
    const pairs = [...step].reverse().flatMap((done) => {
      const id = done.made?.id ?? done.id;
      return decide.inverse(done, this.store.peek(id)).map((one) => [done.subject, one]);
    });
    this.send(pairs);
    return step;
  }
}
