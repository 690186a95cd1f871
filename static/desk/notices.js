/** What the page says: to the eye in a line at the foot, to screen readers in a live region. */

import { button, make } from "./elements.js";

const SHOWN_FOR = 6000;

export class Notices {
  #timer = null;

  /** @param {HTMLElement} element the page's place for notices */
  constructor(element) {
    this.said = make("p", { class: "visually-hidden", "aria-live": "polite" });
    this.line = make("div", { class: "notice", hidden: true });
    this.standing = make("div", { class: "standing", role: "status" });
    element.append(this.said, this.standing, this.line);
  }

  /** Say what was done; `undo` offers to take it back, `aloud` is what screen readers say. */
  say(words, { undo = false, aloud = words } = {}) {
    this.said.textContent = aloud;
    this.#show(words, undo ? button("Undo", { key: "u", command: "undo" }) : null, "");
    this.#timer = setTimeout(() => (this.line.hidden = true), SHOWN_FOR);
  }

  /** Say what went wrong: it stays until it is sent away or something else is said. */
  warn(words) {
    this.said.textContent = words;
    this.#show(words, button("Close", { command: "closeNotice" }), "is-warning");
  }

  close() {
    this.line.hidden = true;
  }

  /** What stays true for a while ("offline", "revised"), with an action; null ends it. */
  stand(key, words, action = null) {
    this.standing.querySelector(`[data-key=${key}]`)?.remove();
    if (words) this.standing.append(make("p", { "data-key": key }, words, " ", action));
  }

  #show(words, action, className) {
    clearTimeout(this.#timer);
    this.line.className = `notice ${className}`;
    this.line.replaceChildren(make("span", {}, words), action ?? "");
    this.line.hidden = false;
  }
}
