/**
 * The only one that listens: an article's changes and the progress of its reading.
 *
 * The browser reconnects by itself and says where it stood; where it gives up (a server that
 * answered with an error), we begin again from the last change.
 */

const AGAIN = 5000;

export class Live {
  #source = null;

  /** @param {{url: string, after: number, change: (change) => void, run: (run) => void}} ways */
  constructor(ways) {
    this.ways = ways;
    this.after = ways.after;
    this.#open();
    // A page that is left must not keep one of the browser's few connections.
    addEventListener("pagehide", () => this.#source.close());
    addEventListener("pageshow", (event) => event.persisted && this.#open());
  }

  #open() {
    this.#source = new EventSource(`${this.ways.url}?after=${this.after}`);
    this.#source.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      this.after = Math.max(this.after, change.seq);
      this.ways.change(change);
    });
    this.#source.addEventListener("run", (event) => this.ways.run(JSON.parse(event.data)));
    this.#source.addEventListener("error", () => {
      if (this.#source.readyState !== EventSource.CLOSED) return;
      setTimeout(() => this.#open(), AGAIN);
    });
  }
}
