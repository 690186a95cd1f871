/**
 * The only one that talks: sends decisions one after the other, in order, and waits out a lost
 * network. Whoever is asked again gets the same decisions again.
 */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

export class Network {
  #queue = [];
  #busy = false;
  #pause = FIRST_PAUSE;
  #timer = null;

  /**
   * @param {{url: string, cookie: string, wire: (decision) => object,
   *   done: (decision, answer) => void, refused: (decision, status, answer) => void,
   *   trouble: (kind: null | "offline" | "signed-out") => void}} ways
   */
  constructor(ways) {
    this.ways = ways;
  }

  /** Send a decision after those that wait. */
  send(decision) {
    this.#queue.push(decision);
    this.#go();
  }

  /** Leave out decisions that fell with another one. */
  forget(decisions) {
    this.#queue = this.#queue.filter((one) => !decisions.includes(one));
  }

  /** Try at once what waits. */
  retry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#go();
  }

  /**
   * Entities that a typed name may mean; an empty list when nobody answers. What was proposed for
   * the annotation `id`, if one is given, comes first.
   */
  async candidates(url, { typed, type, id }, signal) {
    const query = new URLSearchParams({ q: typed, type, ...(id ? { for: id } : {}) });
    const response = await fetch(`${url}?${query}`, { signal, credentials: "same-origin" });
    return response.ok ? (await response.json()).candidates : [];
  }

  /** The claims that a suggested one is like; an empty list when nobody answers. */
  async saidBefore(url) {
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      return response.ok ? (await response.json()).said : [];
    } catch {
      return [];
    }
  }

  async #go() {
    if (this.#busy || this.#timer) return;
    this.#busy = true;
    while (this.#queue.length && (await this.#sendFirst()));
    this.#busy = false;
  }

  /** Whether the next one may be sent. */
  async #sendFirst() {
    const decision = this.#queue[0];
    const answer = await this.#post(decision);
    if (answer.trouble) {
      this.#wait(answer.trouble);
      return false;
    }
    this.ways.trouble(null);
    this.#pause = FIRST_PAUSE;
    this.#queue.shift();
    if (answer.status === 200) this.ways.done(decision, answer.body);
    else this.ways.refused(decision, answer.status, answer.body);
    return true;
  }

  async #post(decision) {
    try {
      const response = await fetch(this.ways.url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token() },
        body: JSON.stringify(this.ways.wire(decision)),
      });
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      const body = isJson ? await response.json() : {};
      // A refusal that is no JSON is the CSRF check's: somebody signed in anew elsewhere.
      if (response.status === 401 || (response.status === 403 && !isJson)) {
        return { trouble: "signed-out" };
      }
      return response.status >= 500 ? { trouble: "offline" } : { status: response.status, body };
    } catch {
      return { trouble: "offline" };
    }
  }

  #wait(trouble) {
    this.ways.trouble(trouble);
    this.#timer = setTimeout(() => this.retry(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  #token() {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${this.ways.cookie}=`));
    return found?.slice(this.ways.cookie.length + 1) ?? "";
  }
}
