/**
 * A field with a list of choices below it: arrow keys and Enter, or a click. The ARIA pattern of
 * a combobox with a list.
 */

import { make } from "./elements.js";

let made = 0;

export class Chooser {
  #choices = [];
  #active = 0;
  #asked = null;

  /**
   * @param {{label: string, value?: string, choices: (typed: string, signal: AbortSignal) =>
   *   Promise<{name: string, note?: string}[]>, chosen: (choice) => void, left: () => void}} ways
   */
  constructor(ways) {
    this.ways = ways;
    const list = `choices-${(made += 1)}`;
    this.field = make("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-label": ways.label,
      "aria-controls": list,
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      value: ways.value ?? "",
    });
    this.list = make("ul", { id: list, role: "listbox", "aria-label": ways.label });
    const leave = make("button", { type: "button", class: "quiet-button" }, "Leave");
    leave.addEventListener("click", () => ways.left());
    this.element = make("div", { class: "chooser" }, this.field, this.list, leave);
    this.field.addEventListener("input", () => this.#ask());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) ways.chosen(this.#choices[Number(option.dataset.index)]);
    });
  }

  /** Take the focus and look for what stands in the field. */
  begin() {
    this.field.focus();
    this.field.select();
    return this.#ask();
  }

  async #ask() {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      const choices = await this.ways.choices(this.field.value.trim(), asked.signal);
      if (!asked.signal.aborted) this.#show(choices);
    } catch (error) {
      if (error.name !== "AbortError") this.#show([]);
    }
  }

  #show(choices) {
    this.#choices = choices;
    this.#active = 0;
    const rows = choices.map(({ name, note }, index) =>
      make(
        "li",
        { role: "option", id: `${this.list.id}-${index}`, "data-index": String(index) },
        make("span", {}, name),
        note ? make("small", {}, note) : null,
      ),
    );
    this.list.replaceChildren(...rows);
    this.field.setAttribute("aria-expanded", String(choices.length > 0));
    this.#mark();
  }

  #key(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && this.#choices.length) {
      const { length } = this.#choices;
      this.#active = (this.#active + moves[event.key] + length) % length;
      this.#mark();
    } else if (event.key === "Enter" && this.#choices[this.#active]) {
      this.ways.chosen(this.#choices[this.#active]);
    } else if (event.key === "Escape") {
      this.ways.left();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #mark() {
    [...this.list.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) row.scrollIntoView({ block: "nearest" });
    });
    const active = this.list.children[this.#active];
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
  }
}
