/**
 * The only one that talks: sends steps one after the other, in order, and waits out a lost
 * network. Whoever is asked again gets the same step again.
 */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

export class Network {
  #queue = [];
  #busy = false;
  #pause = FIRST_PAUSE;
  #timer = null;

  /**
   * @param {{url: string, cookie: string, wire: (step) => object | null,
   *   answered: (step, status: number, answer: object) => void,
   *   trouble: (kind: null | "offline" | "signed-out" | "other-user", answer?: object) => void}} ways
   */
  constructor(ways) {
    this.ways = ways;
    addEventListener("online", () => this.retry());
    // Back from signing in somewhere else.
    addEventListener("focus", () => this.#timer && this.retry());
  }

  /** Send a step after those that wait. */
  send(step) {
    this.#queue.push(step);
    this.#go();
  }

  /** Try at once what waits. */
  retry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#go();
  }

  /** Send JSON, or a form's fields, and say what came back; a lost network is status 0. */
  async ask(url, data, method = "POST", signal = null) {
    const isForm = data instanceof URLSearchParams;
    try {
      const response = await fetch(url, {
        method,
        signal,
        credentials: "same-origin",
        headers: {
          Accept: "application/json",
          "X-CSRFToken": this.token(),
          ...(isForm ? {} : { "Content-Type": "application/json" }),
        },
        body: isForm ? data : data && JSON.stringify(data),
      });
      const json = response.headers.get("Content-Type")?.startsWith("application/json");
      return { ok: response.ok, status: response.status, json, body: json ? await response.json() : {} };
    } catch {
      return { ok: false, status: 0, json: false, body: {} };
    }
  }

  put(url, data) {
    return this.ask(url, data, "PUT");
  }

  get(url) {
    return this.ask(url, undefined, "GET");
  }

  /** Sign in with a form's fields: `signed_in`, who is now, or `detail`, why not. */
  async signIn(url, fields) {
    // The page gives out a token where there is none any more.
    if (!this.token()) await this.get(url);
    return this.ask(url, new URLSearchParams(fields));
  }

  /**
   * Entities that a typed name may mean; an empty list when nobody answers, or who asks has to
   * sign in, which the page then says. What was proposed for the annotation `id`, if one is given,
   * comes first.
   */
  async candidates(url, { typed, type, id }, signal) {
    const query = new URLSearchParams({ q: typed, type, ...(id ? { for: id } : {}) });
    const answer = await this.ask(`${url}?${query}`, undefined, "GET", signal);
    const trouble = troubleOf(answer);
    if (trouble && trouble !== "offline") this.ways.trouble(trouble, answer.body);
    return answer.body.candidates ?? [];
  }

  /** The claims that a suggested one is like; an empty list when nobody answers. */
  async saidBefore(url) {
    return (await this.get(url)).body.said ?? [];
  }

  async #go() {
    if (this.#busy || this.#timer) return;
    this.#busy = true;
    while (this.#queue.length && (await this.#sendFirst()));
    if (!this.#queue.length) this.ways.trouble(null);
    this.#busy = false;
  }

  /** Whether the next one may be sent. */
  async #sendFirst() {
    const step = this.#queue[0];
    const data = this.ways.wire(step);
    if (data) {
      const answer = await this.ask(this.ways.url, data);
      const trouble = troubleOf(answer);
      if (trouble) return this.#wait(trouble, answer.body);
      this.ways.trouble(null);
      this.#pause = FIRST_PAUSE;
      this.ways.answered(step, answer.status, answer.body);
    }
    this.#queue.shift();
    return true;
  }

  #wait(trouble, answer) {
    this.ways.trouble(trouble, answer);
    this.#timer = setTimeout(() => this.retry(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    return false;
  }

  /** What proves that a form is the desk's own; signing in, here or in another tab, renews it. */
  token() {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${this.ways.cookie}=`));
    return found?.slice(this.ways.cookie.length + 1) ?? "";
  }
}

/** Why a step has to wait, if it has to. */
function troubleOf({ status, json, body }) {
  // A refusal that is no JSON is the CSRF check's: somebody signed in anew elsewhere.
  if (status === 401 || (status === 403 && !json)) return "signed-out";
  if (status === 403 && body.signed_in) return "other-user";
  return !status || status >= 500 ? "offline" : null;
}
