/**
 * Which step of mine comes next to be undone, and which to be done again. Pure.
 *
 * An undoing is a step of its own that names the one it takes back, so undoing an undoing is to do
 * it again, and the log alone tells how far one is after a reload.
 */

export class History {
  #done = [];
  #undone = [];

  /** @param {{step: string, undoes: string | null}[]} steps those in the log, the oldest first */
  constructor(steps = []) {
    for (const one of steps) this.add(one);
  }

  /** Take in a step; one that is known already stays where it is. */
  add(entry) {
    if ([...this.#done, ...this.#undone].some((one) => one.step === entry.step)) return;
    const { undoes } = entry;
    if (!undoes) {
      this.#done.push(entry);
      this.#undone = [];
    } else if (this.#undone.some((one) => one.step === undoes)) {
      this.#undone = this.#undone.filter((one) => one.step !== undoes);
      this.#done.push(entry);
    } else {
      this.#done = this.#done.filter((one) => one.step !== undoes);
      this.#undone.push(entry);
    }
  }

  /** Forget a step of which the server did nothing. */
  drop(step) {
    this.#done = this.#done.filter((one) => one.step !== step);
    this.#undone = this.#undone.filter((one) => one.step !== step);
  }

  /** The step to undo next; undefined when there is none. */
  get last() {
    return this.#done.at(-1);
  }

  /** The undoing to take back next; undefined when there is none. */
  get lastUndone() {
    return this.#undone.at(-1);
  }
}
