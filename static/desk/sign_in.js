/**
 * Signing in again without leaving the page: what waited is then sent in order. Only for whose it
 * is: what one decided never goes out under another's name.
 */

import { make } from "./elements.js";

// She may be deciding still as the session is found to be over: those keys are no password.
const PAUSE = 900;

export class SignIn {
  #timer = null;

  /** @param {{url: string, me: string, store, network, notices}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    const { url, me } = parts;
    const field = (label, name, type, more) => make("label", {}, label, make("input", { name, type, required: true, "aria-describedby": "sign-in-said", ...more }));
    this.waits = make("p", {});
    this.said = make("p", { class: "error", id: "sign-in-said", role: "alert" });
    this.form = make(
      "form",
      { class: "stack" },
      field("Name", "username", "text", { value: me, autocomplete: "username", autocapitalize: "none" }),
      field("Password", "password", "password", { autocomplete: "current-password", autofocus: true }),
      this.said,
      make("p", { class: "dialog-acts" }, make("button", { class: "primary" }, "Sign in"), make("button", { type: "button", "data-later": true }, "Later ", make("kbd", { "aria-hidden": "true" }, "Esc"))),
      make("p", { class: "quiet" }, "Or ", make("a", { href: url, target: "_blank" }, "open the sign-in page in a new tab"), " and come back."),
    );
    this.dialog = make("dialog", { class: "sign-in", "aria-labelledby": "sign-in-heading" }, make("h2", { id: "sign-in-heading" }, "Sign in again"), this.waits, this.form);
    document.body.append(this.dialog);
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.querySelector("[data-later]").addEventListener("click", () => this.close());
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }

  /** Open it once no key was pressed for a moment. */
  offer() {
    const wait = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.open(), PAUSE);
    };
    this.stop = new AbortController();
    document.addEventListener("keydown", wait, { signal: this.stop.signal, capture: true });
    wait();
  }

  open() {
    this.#settle();
    if (this.dialog.open) return;
    const { waiting } = this.store;
    this.waits.textContent = waiting ? `What you did is kept in this browser. As ${this.me} you send it: ${waiting} ${waiting === 1 ? "decision waits" : "decisions wait"}.` : "";
    this.said.textContent = "";
    this.dialog.showModal();
  }

  close() {
    this.#settle();
    this.dialog.close();
  }

  #settle() {
    clearTimeout(this.#timer);
    this.stop?.abort();
  }

  async #submit(event) {
    event.preventDefault();
    const fields = new FormData(this.form);
    this.said.textContent = "";
    const { ok, status, body } = await this.network.signIn(this.url, fields);
    this.form.elements.password.value = "";
    if (ok && body.signed_in === this.me) {
      this.close();
      this.notices.say(`Signed in as ${this.me}${this.store.waiting ? ": what waited is sent" : ""}.`);
    } else {
      this.said.replaceChildren(...this.#why(ok, status, body));
      this.form.elements.password.focus();
    }
    // As somebody else nothing is sent: the server refuses it, and the page says whose it is.
    if (ok) this.network.retry();
  }

  #why(ok, status, { signed_in: other, detail }) {
    if (ok) {
      const words = `You are signed in as ${other} now. What waits is ${this.me}’s and is not sent under another name: sign in as ${this.me} to send it, or leave it here and `;
      return [words, make("a", { href: location.pathname }, `go on as ${other}`), "."];
    }
    if (!status) return ["There is no connection: try again."];
    return [detail ?? "The desk did not answer as it should: try again, or in a new tab."];
  }
}
