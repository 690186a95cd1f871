/**
 * What is shown and in which order: the buttons above the list, and "accept all above".
 */

import { BANDS } from "./names.js";
import { suggestedFrom } from "./walk.js";

export class Sifting {
  /** @param {{walk: import("./walk.js").Walk, changed: () => void, leave: () => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.element = document.querySelector("[data-sift]");
    this.range = this.element.querySelector("input[type=range]");
    this.said = this.element.querySelector("output");
    this.number = this.element.querySelector("[data-from]");
    for (const one of this.element.querySelectorAll("[data-only=band]")) one.title = `From ${100 * BANDS[one.value]} % on`;
    this.element.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-only]:not(select)");
      if (pressed) this.#only(pressed.dataset.only, pressed.value);
    });
    this.element.addEventListener("change", ({ target }) => target.dataset.only && this.#only(target.dataset.only, target.value));
    this.range.addEventListener("input", () => this.count());
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** The confidence from which on all are accepted. */
  get least() {
    return Number(this.range.value) / 100;
  }

  /** Show the order and what is shown only, and how many would be accepted. */
  show() {
    const { only, leastSure } = this.walk;
    for (const one of this.element.querySelectorAll("button[data-only]")) {
      one.setAttribute("aria-pressed", String(only[one.dataset.only] === one.value));
    }
    this.element.querySelector("select").value = only.status;
    this.element.querySelector("[data-show-all]").hidden = !this.walk.isSifted;
    this.element.querySelector("[data-command=order]").setAttribute("aria-pressed", String(leastSure));
    this.count();
  }

  /** How many would be accepted, as the suggestions and the confidence are now. */
  count() {
    this.said.textContent = `${this.range.value} %`;
    this.number.textContent = suggestedFrom(this.walk, this.least).length;
  }

  /** Go to the first button, or to the confidence. */
  focus(part) {
    (part === "from" ? this.range : this.element.querySelector("button")).focus();
  }

  /** Show all. */
  clear() {
    for (const sieve of Object.keys(this.walk.only)) this.walk.only[sieve] = "";
    this.show();
    this.changed();
  }

  /** Show only what has this value; all, if it was shown only. */
  #only(sieve, value) {
    const { only } = this.walk;
    only[sieve] = only[sieve] === value ? "" : value;
    this.show();
    this.changed();
  }

  #key(event) {
    const enters = event.key === "Enter" && event.target === this.range;
    if (!enters && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (enters) this.element.querySelector("[data-command=acceptFrom]").click();
    this.leave();
  }
}
