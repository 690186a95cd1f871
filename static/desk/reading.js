/** How far the reading of the text is, as the page's head shows it. */

const SAYS = {
  queued: () => "Waiting to be read",
  running: (run) => `Being read: ${run.progress} %`,
  done: () => "Read",
  failed: (run) => `The reading failed: ${run.error}`,
};

export class Reading {
  #state = null;

  /** @param {{element: HTMLElement, finished: (run) => void, run: object | null}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.#state = this.run?.state ?? null;
  }

  /** Show a run as it is now; says so once when it ends. */
  show(run) {
    if (!run) return;
    const { element } = this;
    element.dataset.runState = run.state;
    element.querySelector("[data-run-text]").textContent = SAYS[run.state](run);
    const bar = element.querySelector("progress");
    bar.hidden = !["queued", "running"].includes(run.state);
    bar.value = run.progress;
    if (run.state !== this.#state && ["done", "failed"].includes(run.state)) this.finished(run);
    this.#state = run.state;
  }
}
