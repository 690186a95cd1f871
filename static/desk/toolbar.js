/**
 * The bar beside selected words: what to tag them as. Its keys work while words are selected.
 */

import { button, make } from "./elements.js";
import { short } from "./names.js";

const GAP = 10;

export class Toolbar {
  /** The kind whose types are shown; null for the kinds. */
  kind = null;

  /**
   * @param {{selected: import("./selection.js").Selected, names, current: () => object | null,
   *   run: (command: string, key: string) => void}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.element = make("div", {
      class: "tagbar",
      role: "toolbar",
      "aria-label": "Tag the selected words",
      hidden: true,
    });
    document.body.append(this.element);
    // A press on a button must not take the selection away, on a phone neither.
    this.element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.selected.hold();
    });
    addEventListener("pointercancel", () => this.selected.letGo());
    this.element.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-tag]");
      if (pressed) this.run(pressed.dataset.tag, pressed.dataset.key);
      this.selected.letGo();
    });
  }

  /** Show, move or hide it as the selection is now. */
  follow() {
    const box = this.selected.isOpen && this.selected.box();
    if (!box) return this.close();
    this.#draw();
    this.element.hidden = false;
    document.body.classList.add("is-selecting");
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = Math.max(Math.min(box.left, innerWidth - width - GAP), GAP);
    const below = box.bottom + GAP;
    const top = below + height < innerHeight ? below : Math.max(box.top - height - GAP, GAP);
    this.element.style.setProperty("--left", `${left}px`);
    this.element.style.setProperty("--top", `${top}px`);
    return undefined;
  }

  close() {
    this.element.hidden = true;
    this.kind = null;
    document.body.classList.remove("is-selecting");
  }

  /** Show the types of a kind, or the kinds again. */
  show(kind) {
    this.kind = kind;
    this.#draw();
  }

  #draw() {
    const problem = this.selected.problem();
    const words = this.selected.asTag(this.kind ?? "claim")?.words ?? "";
    const said = problem ? make("p", { class: "quiet" }, problem) : make("p", {}, `“${short(words, 90)}”`);
    const leave = tool("✕", "escape", { "aria-label": this.kind ? "Back" : "Leave" });
    const tools = problem ? [] : this.kind ? this.#types() : [...this.#kinds(), ...this.#more()];
    this.element.replaceChildren(said, ...tools, leave);
  }

  #kinds() {
    return [tool("Entity", "entity"), tool("Claim", "claim"), tool("Source", "source")];
  }

  #more() {
    const one = this.current();
    const name = one && short(one.name, 24);
    return [
      this.selected.units() && tool("And another part", "part"),
      one && tool(`Words of “${name}”`, "replace"),
      one && tool(`Add to “${name}”`, "join"),
      tool("Exact letters", "exact", { "aria-pressed": String(this.selected.exact) }),
    ].filter(Boolean);
  }

  #types() {
    return this.names.types[this.kind].map(([, name], index) => {
      const digit = String(index + 1);
      return tool(name, "type", { key: digit, "data-key": digit });
    });
  }
}

/** A button of the bar; its command is no command of the page. */
function tool(name, tag, attributes = {}) {
  const made = button(name, { command: tag, room: "words", "data-tag": tag, ...attributes });
  made.removeAttribute("data-command");
  return made;
}
