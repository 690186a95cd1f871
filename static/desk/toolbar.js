/**
 * The bar beside selected words: what to tag them as. Its keys work while words are selected.
 */

import { button, make } from "./elements.js";
import { short } from "./names.js";

const GAP = 10;

export class Toolbar {
  #kind = null;

  /** @param {{selected: import("./selection.js").Selected, names, add: (kind, type) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.element = make("div", {
      class: "tagbar",
      role: "toolbar",
      "aria-label": "Tag the selected words",
      hidden: true,
    });
    document.body.append(this.element);
    // A press on a button must not take the selection away.
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
    this.element.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-tag]");
      if (pressed) this.run(pressed.dataset.tag, pressed.dataset.key);
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** Show, move or hide it as the selection is now. */
  follow() {
    const box = this.selected.box();
    if (!box) return this.close();
    this.#draw(this.isOpen ? this.#kind : null);
    this.element.hidden = false;
    document.body.classList.add("is-selecting");
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.min(Math.max(box.left, GAP), innerWidth - width - GAP);
    const below = box.bottom + GAP;
    const top = below + height < innerHeight ? below : Math.max(box.top - height - GAP, GAP);
    this.element.style.setProperty("--left", `${left}px`);
    this.element.style.setProperty("--top", `${top}px`);
    return undefined;
  }

  close() {
    this.element.hidden = true;
    this.#kind = null;
    document.body.classList.remove("is-selecting");
  }

  /** A command of SELECTION_KEYS. */
  run(command, key) {
    if (command === "claim") this.add("claim");
    else if (command === "type") this.#typed(key);
    else if (command === "escape" && this.#kind) this.#draw(null);
    else if (command === "escape") this.selected.clear();
    else this.#draw(command);
  }

  #typed(digit) {
    const kind = this.#kind ?? "entity";
    const type = this.names.typeOfDigit(kind, digit);
    if (type) this.add(kind, type);
  }

  #draw(kind) {
    this.#kind = kind;
    const buttons = kind ? this.#types(kind) : this.#kinds();
    const words = make("p", {}, `“${short(this.selected.asTag(kind ?? "entity")?.words ?? "", 70)}”`);
    this.element.replaceChildren(words, ...buttons, tagButton("✕", "escape", "Esc", { "aria-label": kind ? "Back" : "Leave" }));
  }

  #kinds() {
    return [
      tagButton("Entity", "entity", "e"),
      tagButton("Claim", "claim", "c"),
      tagButton("Source", "source", "s"),
    ];
  }

  #types(kind) {
    return this.names.types[kind].map(([, name], index) => {
      const digit = String(index + 1);
      return tagButton(name, "type", digit, { "data-key": digit });
    });
  }
}

function tagButton(name, tag, key, attributes = {}) {
  return button(name, { key, "data-tag": tag, ...attributes });
}
