/**
 * The only one that listens: an article's changes, the progress of its reading, who is there.
 *
 * The browser reconnects by itself and says where it stood; where it gives up (a server that
 * answered with an error), we begin again from the last change.
 */

const AGAIN = 5000;

export class Live {
  #source = null;

  /** @param {{url: string, after: number, heard: Record<string, (data) => void>}} ways */
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
    const source = new EventSource(`${this.ways.url}&after=${this.after}`);
    this.#source = source;
    for (const [name, heard] of Object.entries(this.ways.heard)) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        if (name === "change") this.after = Math.max(this.after, Number(lastEventId));
        heard(JSON.parse(data));
      });
    }
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
