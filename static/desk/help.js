/** The sheet of keys, made from the same table that the keys are read by. */

import { button, make } from "./elements.js";
import { KEYMAP, SELECTION_KEYS, WORD_KEYS } from "./keys.js";

const SIGNS = {
  " ": "space",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Backspace: "⌫",
  Delete: "Del",
  Escape: "Esc",
};

/** A dialog, closed. */
export function keySheet() {
  const sheet = make(
    "dialog",
    { class: "key-sheet", "aria-labelledby": "key-sheet-title" },
    make("h2", { id: "key-sheet-title" }, "Keys"),
    table(KEYMAP),
    make("h3", {}, "While words are selected"),
    table([...SELECTION_KEYS, ...WORD_KEYS]),
    button("Close", { key: "Esc", command: "help" }),
  );
  document.body.append(sheet);
  return sheet;
}

function table(entries) {
  const rows = entries.map(({ keys, says }) =>
    make("div", {}, make("dt", {}, ...caps(keys)), make("dd", {}, says)),
  );
  return make("dl", { class: "keys" }, ...rows);
}

function caps(keys) {
  const shown = keys.length > 2 ? [keys[0], keys.at(-1)] : keys;
  const joint = keys.length > 2 ? "–" : " ";
  return shown.flatMap((key, index) => [index ? joint : "", make("kbd", {}, SIGNS[key] ?? key)]);
}
