/**
 * What needs the editor's choice: decisions that met a colleague's, and what was typed and refused.
 * Each stays, across reloads, until she keeps theirs or puts hers.
 */

import { button, make } from "./elements.js";
import { short } from "./names.js";

export class Unsettled {
  #choices = new Map();
  #at = 0;

  /** @param {{store, steps, waiting, notices, names, goTo: (id: string) => void}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    this.list = make("ul", { class: "unsettled-list" });
    const close = make("button", { type: "button" }, "Decide later", make("kbd", { "aria-hidden": "true" }, "Esc"));
    this.dialog = make(
      "dialog",
      { class: "unsettled", "aria-labelledby": "unsettled-heading" },
      make("h2", { id: "unsettled-heading" }, "Which one holds?"),
      make("p", { class: "quiet" }, "↑ ↓ go through the list, 1 keeps theirs, 2 puts yours."),
      this.list,
      close,
    );
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    document.body.append(this.dialog);
    this.store.subscribe((ids) => [...this.#choices.values()].some(({ id }) => ids.has(id)) && this.#show());
  }

  /** Add choices to the list, and say so. */
  take(choices) {
    const all = [...this.#choices.values(), ...choices];
    const place = ({ id, answer }) => (this.store.peek(id) ?? answer.current)?.spans?.[0][0] ?? 0;
    this.#choices = new Map(all.sort((a, b) => place(a) - place(b)).map((one) => [one.key, one]));
    this.#show();
  }

  open() {
    if (!this.#choices.size) return this.notices.say("There is nothing to choose about.");
    this.#at = 0;
    this.#show();
    if (!this.dialog.open) this.dialog.showModal();
    return this.#focus();
  }

  #show() {
    const number = this.#choices.size;
    const words = number === 1 ? "1 of your decisions was not stored" : `${number} of your decisions were not stored`;
    const first = [...this.#choices.values()][0];
    const why = number === 1 ? `: ${this.#theirs(first)}` : ": a colleague was faster, or the text has changed.";
    this.notices.stand("unsettled", number && words + why, number && button("Choose", { command: "settle" }));
    this.list.replaceChildren(...[...this.#choices.values()].map((choice) => this.#row(choice)));
    if (!number && this.dialog.open) this.dialog.close();
    else if (this.dialog.open) this.#focus();
  }

  #row(choice) {
    const stale = choice.answer.status === 409;
    const act = (name, key, done) => {
      const pressed = make("button", { type: "button", "data-choice": key }, name, make("kbd", { "aria-hidden": "true" }, key));
      pressed.addEventListener("click", () => done.call(this, choice));
      return pressed;
    };
    return make(
      "li",
      { "data-choice-id": choice.id },
      make("p", {}, make("strong", {}, `“${short(this.#name(choice), 80)}”`)),
      make("p", {}, this.#theirs(choice)),
      make("p", {}, `You: ${this.#mine(choice)}.`),
      choice.kept === false ? make("p", { class: "quiet" }, "This browser could not keep it: choose before you close the page.") : null,
      act(stale ? "Keep theirs" : "Leave it", "1", this.#keepTheirs),
      act(stale ? "Put mine" : "Try again", "2", this.#putMine),
    );
  }

  #name({ id, mine, answer }) {
    const one = this.store.peek(id) ?? {};
    return one.name || answer.current?.name || mine.at(-1).seems.name || "A tie of a claim and its source";
  }

  #theirs({ id, answer }) {
    if (answer.status !== 409) return `${answer.detail}`;
    const now = this.store.peek(id) ?? answer.current;
    return `${answer.by ?? "Somebody"}: ${this.#state(now)}.`;
  }

  #mine({ id, mine }) {
    const before = this.store.peek(id) ?? {};
    const last = mine.reduce((shown, { seems }) => ({ ...shown, ...seems }), before);
    return this.#state(last);
  }

  #state(one) {
    if (one.deleted) return "removed";
    const status = one.status === "suggested" ? "open" : one.status;
    if (one.subject === "tie" || one.claim) return status === "rejected" ? "untied" : "tied";
    return [status, one.kind && this.names.type(one).toLowerCase(), one.name && `“${short(one.name, 60)}”`].filter(Boolean).join(", ");
  }

  #keepTheirs(choice) {
    this.#end(choice);
  }

  /** Decide it again, on what is there now. */
  #putMine(choice) {
    const { id, mine, undoes, revision } = choice;
    const now = this.store.peek(id);
    const [{ subject, request, seems }, ...more] = mine;
    const over = request.action === "revert" ? { ...request, over: now?.version } : request;
    const pairs = [[subject, { request: over, seems }], ...more.map((one) => [one.subject, one])];
    const back = now?.deleted && !seems.deleted && request.action !== "revert";
    if (back) pairs.unshift([subject, { request: { action: "restore", id }, seems: { deleted: false } }]);
    this.#end(choice);
    this.steps.do(pairs, undoes, revision);
    this.goTo(id);
  }

  #end({ key }) {
    this.#choices.delete(key);
    this.waiting.dropChoice(key);
    this.#show();
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...this.list.children];
    if (step) this.#at = (this.#at + step + rows.length) % rows.length;
    else if (["1", "2"].includes(event.key)) rows[this.#at]?.querySelector(`[data-choice="${event.key}"]`).click();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.#focus();
  }

  #focus() {
    this.#at = Math.min(this.#at, this.list.children.length - 1);
    this.list.children[this.#at]?.querySelector("button").focus();
  }
}
