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
    this.#follow();
    // Browsers open six connections to a server: tabs that nobody looks at must not hold them.
    document.addEventListener("visibilitychange", () => this.#follow());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", () => this.#follow());
  }

  #follow() {
    if (document.hidden) this.#close();
    else if (!this.#source) this.#open();
  }

  #open() {
    const source = new EventSource(`${this.ways.url}?after=${this.after}`);
    this.#source = source;
    source.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      this.after = Math.max(this.after, change.seq);
      this.ways.change(change);
    });
    source.addEventListener("run", (event) => this.ways.run(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#close();
      setTimeout(() => this.#follow(), AGAIN);
    });
  }

  #close() {
    this.#source?.close();
    this.#source = null;
  }
}
