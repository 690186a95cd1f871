/** Says why decisions wait, how many, and which: nothing of it is lost meanwhile. */

import { button, make } from "./elements.js";

const WHY = {
  offline: "No connection",
  "signed-out": "You are signed out",
  "other-user": "Somebody else is signed in",
};

export class Trouble {
  #kind = null;
  #answer = {};
  #marking = null;

  /**
   * @param {{store, notices, me: string, signIn: () => Promise<import("./sign_in.js").SignIn>}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Show what the network is waiting out; null when it is over. */
  show(kind, answer = {}) {
    if (!kind && !this.#kind) return;
    const asks = (one) => Boolean(one) && one !== "offline";
    if (asks(kind) !== asks(this.#kind)) this.signIn().then((dialog) => (asks(this.#kind) ? dialog.offer() : dialog.close()), () => {});
    [this.#kind, this.#answer] = [kind, answer];
    this.notices.stand("trouble", kind && this.#words(), kind && this.#ways());
    this.#mark();
  }

  /** Something was decided or answered since. */
  update() {
    document.body.dataset.waiting = this.store.waiting;
    if (this.#kind) this.show(this.#kind, this.#answer);
  }

  #words() {
    const { waiting } = this.store;
    const by = this.#answer.signed_in;
    const other = by && by !== this.me;
    const why = other ? `You are signed in as ${by}` : by ? "You may not tag and edit any more" : WHY[this.#kind];
    const whose = other ? ` of ${this.me}` : "";
    if (!waiting) return `${why}.`;
    return `${why}: ${waiting} ${waiting === 1 ? "decision" : "decisions"}${whose} ${waiting === 1 ? "waits" : "wait"} in this browser to be sent.`;
  }

  #ways() {
    const retry = button("Try now", { command: "retry" });
    if (this.#kind === "offline") return retry;
    const name = this.#answer.signed_in ? `Sign in as ${this.me}` : "Sign in";
    return make("span", {}, button(name, { command: "signIn" }), " ", retry);
  }

  /** After the painting: a mark is drawn first and says that it waits a moment later. */
  #mark() {
    this.#marking ??= setTimeout(() => {
      this.#marking = null;
      const waits = new Set(this.#kind ? this.store.undecided() : []);
      for (const one of document.querySelectorAll("[data-id]")) {
        one.classList.toggle("is-waiting", waits.has(one.dataset.id));
      }
    }, 100);
  }
}
