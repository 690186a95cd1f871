/**
 * The sheet of keys, made from the same table that the keys are read by: a key is changed by
 * pressing its cap and then the new key. Loaded when it is first shown.
 */

import { make } from "./elements.js";
import { typed, useKeys, withChanges, written } from "./keys.js";
import { clashOf, isModifier, swapped, withKey } from "./rebinding.js";
import { SAYS } from "./says.js";

const TITLES = { tags: "On a tag", words: "While words are selected" };

export class KeySheet {
  /** The cap that waits for its new key, and where the last one stands: the focus goes back to it. */
  #asked = null;
  #last = "button";

  /**
   * @param {{keys: object, save: (keys: object) => Promise<{ok: boolean, status: number, body: object}>,
   *   changed: () => void}} parts `keys` are the editor's own, by room and command
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.said = make("p", { class: "key-said", role: "status" });
    this.tables = make("div", {});
    this.reset = make("button", { type: "button", "data-does": "reset" }, "All keys as they were");
    this.dialog = make(
      "dialog",
      { class: "key-sheet", "aria-labelledby": "key-sheet-title" },
      make("h2", { id: "key-sheet-title" }, "Keys"),
      make("p", { class: "quiet" }, "Press a key’s cap, then the key that you want instead. It is kept for you on every machine."),
      this.said,
      this.tables,
      make("p", { class: "key-sheet-acts" }, this.reset, make("button", { type: "button", "data-does": "close" }, "Close", make("kbd", { "aria-hidden": "true" }, "Esc"))),
    );
    document.body.append(this.dialog);
    this.dialog.addEventListener("click", (event) => this.#click(event.target));
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("close", () => this.#ask(null));
    this.#draw();
  }

  get isOpen() {
    return this.dialog.open;
  }

  toggle() {
    if (this.isOpen) return this.dialog.close();
    this.said.textContent = "";
    return this.dialog.showModal();
  }

  #draw() {
    const rooms = Object.entries(withChanges(this.keys));
    this.tables.replaceChildren(...rooms.flatMap(([room, entries]) => [make("h3", {}, TITLES[room]), this.#table(room, entries)]));
    this.reset.hidden = !Object.keys(this.keys).length;
  }

  #table(room, entries) {
    const rows = entries.map((entry) =>
      make("div", {}, make("dt", {}, ...(entry.fixed ? fixedCaps(entry.keys) : caps(room, entry))), make("dd", {}, SAYS[room][entry.command])),
    );
    return make("dl", { class: "keys" }, ...rows);
  }

  #click(target) {
    const pressed = target.closest("button");
    const { does, of } = pressed?.dataset ?? {};
    if (target === this.dialog || does === "close") this.dialog.close();
    else if (does === "reset") this.#reset(pressed);
    else if (does === "swap") this.#take(JSON.parse(pressed.value));
    else if (does === "leave") this.#settle("Nothing is changed.");
    else if (of) this.#ask(pressed);
  }

  #ask(cap) {
    this.#asked?.removeAttribute("aria-pressed");
    this.#asked = cap;
    cap?.setAttribute("aria-pressed", "true");
    if (cap) this.#last = `[data-room=${cap.dataset.room}][data-of=${cap.dataset.of}]`;
    if (cap) this.#say(`Press the new key for “${cap.dataset.says}”, or Esc to leave it.`);
  }

  #key(event) {
    // The focus may be in it for a moment after it is closed.
    if (!this.isOpen) return;
    event.stopPropagation();
    if (!this.#asked) {
      if (typed(event) === "?") this.dialog.close();
      return;
    }
    if (isModifier(event.key)) return;
    event.preventDefault();
    const { room, of: command, old } = this.#asked.dataset;
    this.#ask(null);
    if (event.key === "Escape") this.#say("Nothing is changed.");
    else this.#try({ room, command, old: old || undefined, key: typed(event) });
  }

  /** Take the key, unless another command has it: then ask. */
  #try({ room, command, old, key }) {
    if (key === old) return this.#say("That is its key already.");
    const clash = clashOf(this.keys, room, command, key);
    if (!clash) return this.#keep(withKey(this.keys, room, command, old, key), `${written(key)} is its key now.`);
    const whose = clash.entry ? ` is the key for “${SAYS[room][clash.entry.command]}”` : "";
    if (clash.fixed) return this.#say(`${written(key)}${whose || " is the browser’s"} and stays so: choose another.`);
    const swap = JSON.stringify({ room, command, old, other: clash.entry.command, key });
    const change = make("button", { type: "button", "data-does": "swap", value: swap }, old ? "Swap the two" : "Take it");
    this.#say(`${written(key)}${whose}. `, change, " ", make("button", { type: "button", "data-does": "leave" }, "Leave it"));
    return change.focus();
  }

  #take({ room, command, old, other, key }) {
    return this.#keep(swapped(this.keys, room, command, old, other, key), "The two keys are swapped.");
  }

  /** Back to the first keys: one's own are lost, so it is asked once more. */
  #reset(pressed) {
    if (pressed.dataset.sure) return this.#keep({}, "All keys are as they were at first.");
    pressed.dataset.sure = true;
    pressed.firstChild.replaceWith("Really? Your own keys are lost");
    return undefined;
  }

  async #keep(keys, words) {
    const { ok, status, body } = await this.save(keys);
    delete this.reset.dataset.sure;
    this.reset.replaceChildren("All keys as they were");
    if (!ok) return this.#say(status ? `Not kept: ${body.detail ?? "the server refused it."}` : "Not kept: there is no connection. Try again.");
    this.keys = keys;
    useKeys(keys);
    this.#draw();
    this.changed();
    return this.#settle(words);
  }

  #settle(words) {
    this.#say(words);
    this.dialog.querySelector(this.#last)?.focus();
  }

  #say(...words) {
    this.said.replaceChildren(...words);
  }
}

function caps(room, { command, keys }) {
  const says = SAYS[room][command];
  const cap = (key, label, name) =>
    make("button", { type: "button", class: "cap", "data-room": room, "data-of": command, "data-old": key, "data-says": says, "aria-label": `${label}: ${says}` }, name);
  const own = keys.map((key) => cap(key, `Change ${written(key)}`, make("kbd", {}, written(key))));
  return own.length ? own : [cap("", "Give a key", make("kbd", {}, "+"))];
}

function fixedCaps(keys) {
  const shown = keys.length > 2 ? [keys[0], keys.at(-1)] : keys;
  return shown.flatMap((key, index) => [index ? "–" : "", make("kbd", {}, written(key))]);
}
