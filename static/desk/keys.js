/**
 * What is typed becomes a command. Bound to what the key types, not to where it lies, so that
 * every layout works; where a layout types no Latin letters, the key's place stands in.
 *
 * The one table of keys: the sheet, the caps on the buttons and the commands are all read from it.
 */

const DIGITS = ["1", "2", "3", "4", "5", "6", "7"];

/** The keys of each command in each room, in the order of the sheet. `fixed` ones stay as they
 * are; those that `extend` also work with Shift held. */
export const ROOMS = {
  tags: [
    { command: "next", keys: ["j", "ArrowDown"] },
    { command: "previous", keys: ["k", "ArrowUp"] },
    { command: "accept", keys: ["a"] },
    { command: "reject", keys: ["x"] },
    { command: "skip", keys: [" "] },
    { command: "takeBack", keys: ["Backspace"] },
    { command: "type", keys: DIGITS, fixed: true },
    { command: "acceptPlaces", keys: ["A"] },
    { command: "acceptFrom", keys: ["%"] },
    { command: "endOut", keys: ["ArrowRight"] },
    { command: "endIn", keys: ["ArrowLeft"] },
    { command: "startOut", keys: ["Shift+ArrowLeft"] },
    { command: "startIn", keys: ["Shift+ArrowRight"] },
    { command: "attach", keys: ["e"] },
    { command: "sentence", keys: ["s"] },
    { command: "tie", keys: ["t"] },
    { command: "same", keys: ["b"] },
    { command: "describe", keys: ["i"] },
    { command: "remove", keys: ["Delete"] },
    { command: "words", keys: ["n"] },
    { command: "tagSame", keys: ["m"] },
    { command: "chooseSame", keys: ["M"] },
    { command: "order", keys: ["o"] },
    { command: "sift", keys: ["f"] },
    { command: "settle", keys: ["c"] },
    { command: "undo", keys: ["u", "Ctrl+z"] },
    { command: "redo", keys: ["U", "Ctrl+Z", "Ctrl+y"] },
    { command: "help", keys: ["?"] },
    { command: "escape", keys: ["Escape"], fixed: true },
  ],
  words: [
    { command: "wordRight", keys: ["ArrowRight"], extend: true },
    { command: "wordLeft", keys: ["ArrowLeft"], extend: true },
    { command: "sentenceDown", keys: ["ArrowDown"], extend: true },
    { command: "sentenceUp", keys: ["ArrowUp"], extend: true },
    { command: "letterRight", keys: ["Alt+ArrowRight"] },
    { command: "letterLeft", keys: ["Alt+ArrowLeft"] },
    { command: "entity", keys: ["e"] },
    { command: "claim", keys: ["c"] },
    { command: "source", keys: ["s"] },
    { command: "type", keys: DIGITS, fixed: true },
    { command: "part", keys: ["+"] },
    { command: "replace", keys: ["w"] },
    { command: "join", keys: ["p"] },
    { command: "cue", keys: ["q"] },
    { command: "exact", keys: ["."] },
    { command: "escape", keys: ["Escape"], fixed: true },
  ],
};

const NAMES = {
  " ": "space",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Backspace: "⌫",
  Delete: "Del",
  Escape: "Esc",
};
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const PRESSED_BY = "button, a[href], summary, input";
const LATIN = /^[ -~]$/;
const LETTER = /^\p{L}$/u;

/** The rooms as this editor has them. */
let rooms = ROOMS;

/** Put an editor's own keys in: `{room: {command: keys}}`. Whose key was taken goes without. */
export function useKeys(changes) {
  rooms = withChanges(changes);
}

/** The table with an editor's own keys in it. Pure. */
export function withChanges(changes) {
  const changed = ([room, entries]) => {
    const own = Object.hasOwn(changes ?? {}, room) ? changes[room] : {};
    const mine = (entry) => !entry.fixed && Object.hasOwn(own, entry.command);
    const taken = new Set(entries.flatMap((entry) => (mine(entry) ? own[entry.command] : [])));
    const keysOf = (entry) => (mine(entry) ? own[entry.command] : entry.fixed ? entry.keys : entry.keys.filter((key) => !taken.has(key)));
    return [room, entries.map((entry) => ({ ...entry, keys: keysOf(entry) }))];
  };
  return Object.fromEntries(Object.entries(ROOMS).map(changed));
}

/** A command's first key; undefined when it has none. */
export function keyOf(command, room = "tags") {
  return rooms[room].find((entry) => entry.command === command)?.keys[0];
}

/** How a key is written. */
export function written(key) {
  const parts = key.length > 1 ? key.split("+") : [key];
  const last = parts.pop();
  const shift = LETTER.test(last) && last !== last.toLowerCase() ? ["Shift"] : [];
  return [...parts, ...shift, NAMES[last] ?? last.toLowerCase()].join(" ");
}

/**
 * What the key types: "a", "A" with Shift whatever the capitals lock says, "?", "ArrowUp",
 * "Shift+ArrowUp", "Ctrl+z". For a letter of another script, the Latin one at its place.
 */
export function typed(event) {
  const { key, code = "", shiftKey } = event;
  const control = (event.ctrlKey || event.metaKey) && !byAltGraph(event) ? "Ctrl+" : "";
  if (key.length > 1) return control + (event.altKey ? "Alt+" : "") + (shiftKey ? "Shift+" : "") + key;
  const letter = !LATIN.test(key) && /^Key[A-Z]$/.test(code) ? code.at(-1) : key;
  if (!LETTER.test(letter)) return control + letter;
  return control + (shiftKey ? letter.toUpperCase() : letter.toLowerCase());
}

/** Whether the event belongs to a field, a dialog's own keys, or the browser. */
export function isElsewhere(event) {
  if (event.isComposing || event.key === "Dead" || event.key === "Unidentified") return true;
  // Alt and a letter are the browser's or type another letter; AltGr types what is on the key.
  if (event.altKey && event.key.length === 1 && !byAltGraph(event)) return true;
  if (event.target?.closest?.(FIELDS)) return true;
  return (event.key === "Enter" || event.key === " ") && Boolean(event.target?.closest?.(PRESSED_BY));
}

/** `{command, key}` for a key of the room; null for any other, and while typing in a field. */
export function commandOf(event, room = "tags") {
  if (isElsewhere(event)) return null;
  const key = typed(event);
  const bare = event.shiftKey ? key.replace("Shift+", "").replace(/^[A-Z]$/, (letter) => letter.toLowerCase()) : key;
  const entry =
    rooms[room].find((one) => one.keys.includes(key)) ??
    rooms[room].find((one) => one.extend && one.keys.includes(bare));
  return entry ? { command: entry.command, key } : null;
}

const byAltGraph = (event) => Boolean(event.getModifierState?.("AltGraph")) && event.key.length === 1;
