/** Who else has the story open, and at which tag each of them is. */

import { make } from "./elements.js";
import { short } from "./names.js";

export class Together {
  #people = [];

  /** @param {{store, root: HTMLElement, goTo: (id: string) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.said = make("span", { class: "visually-hidden", "aria-live": "polite" });
    this.list = make("ul", { class: "here-list", "aria-label": "Who else is here" });
    document.getElementById("here").replaceChildren(this.list, this.said);
    this.store.subscribe(() => this.#mark());
  }

  /** @param {{user: string, name: string, at: string | null}[]} people all of the others */
  show(people) {
    const came = people.filter((one) => !this.#people.some(({ user }) => user === one.user));
    const left = this.#people.filter((one) => !people.some(({ user }) => user === one.user));
    const news = [...came.map(({ name }) => `${name} is here too.`), ...left.map(({ name }) => `${name} has left.`)];
    if (news.length) this.said.textContent = news.join(" ");
    this.#people = people;
    this.#mark();
  }

  #mark() {
    this.list.replaceChildren(...this.#people.map((one) => this.#person(one)));
    for (const mark of this.root.querySelectorAll("[data-here]")) delete mark.dataset.here;
    for (const { at, name } of this.#people) {
      const mark = at && this.root.querySelector(`mark[data-id="${CSS.escape(at)}"][tabindex]`);
      if (mark) mark.dataset.here = [mark.dataset.here, initials(name)].filter(Boolean).join(" ");
    }
  }

  #person({ name, at }) {
    const one = at && this.store.get(at);
    const where = one ? `${name} is at “${short(one.name, 60)}”` : `${name} has this story open`;
    const shown = make("span", { "aria-hidden": "true" }, initials(name));
    const words = make("span", { class: "visually-hidden" }, where);
    if (!one) return make("li", { class: "here", title: where }, shown, " ", words);
    return make("li", {}, make("button", { type: "button", class: "here", title: where, "data-command": "go", "data-key": at }, shown, " ", words));
  }
}

/** Two letters: of the first and the last word, or the first two of a single one. */
export function initials(name) {
  const words = name.split(/[\s._@-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => [...word][0]) : [...(words[0] ?? name)].slice(0, 2);
  return letters.join("").toUpperCase();
}
