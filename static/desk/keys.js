/**
 * What is typed becomes a command. Bound to what the key types, not to where it lies, so that
 * every layout works; where a layout types no Latin letters, the key's place stands in.
 *
 * The one table of keys: the sheet, the caps on the buttons and the commands are all read from it.
 */

const DIGITS = ["1", "2", "3", "4", "5", "6", "7"];

/** The keys of each command in each room, as the sheet shows them. `fixed` ones stay as they are;
 * those that `extend` also work with Shift held. */
export const ROOMS = {
  tags: [
    { command: "next", keys: ["j", "ArrowDown"], says: "Next tag" },
    { command: "previous", keys: ["k", "ArrowUp"], says: "Tag before" },
    { command: "accept", keys: ["a"], says: "Accept, and on to the next to decide" },
    { command: "reject", keys: ["x"], says: "Reject, and on" },
    { command: "skip", keys: [" "], says: "Skip: it comes back at the end" },
    { command: "takeBack", keys: ["Backspace"], says: "Take the decision back" },
    { command: "type", keys: DIGITS, fixed: true, says: "Set the type" },
    { command: "acceptPlaces", keys: ["A"], says: "Accept every place of it in the story" },
    { command: "acceptFrom", keys: ["%"], says: "Accept all above a confidence" },
    { command: "endOut", keys: ["ArrowRight"], says: "Longer by a word at the end" },
    { command: "endIn", keys: ["ArrowLeft"], says: "Shorter by a word at the end" },
    { command: "startOut", keys: ["Shift+ArrowLeft"], says: "Longer by a word at the start" },
    { command: "startIn", keys: ["Shift+ArrowRight"], says: "Shorter by a word at the start" },
    { command: "attach", keys: ["e"], says: "Attach to an entity" },
    { command: "sentence", keys: ["s"], says: "Edit the claim’s sentence" },
    { command: "tie", keys: ["t"], says: "Tie the claim to its source" },
    { command: "same", keys: ["b"], says: "The claim was made before: use that one" },
    { command: "describe", keys: ["i"], says: "Say more of an unnamed source" },
    { command: "remove", keys: ["Delete"], says: "Remove a tag that a person made" },
    { command: "words", keys: ["n"], says: "Select words" },
    { command: "tagSame", keys: ["m"], says: "Tag the same words elsewhere too" },
    { command: "chooseSame", keys: ["M"], says: "Choose among those places" },
    { command: "order", keys: ["o"], says: "By place, or least sure first" },
    { command: "sift", keys: ["f"], says: "Show some only" },
    { command: "settle", keys: ["c"], says: "Choose where a colleague decided otherwise" },
    { command: "undo", keys: ["u", "Ctrl+z"], says: "Undo my last step, wherever it was" },
    { command: "redo", keys: ["U", "Ctrl+Z", "Ctrl+y"], says: "Do it again" },
    { command: "help", keys: ["?"], says: "Show or hide these keys" },
    { command: "escape", keys: ["Escape"], fixed: true, says: "Leave what is open" },
  ],
  words: [
    { command: "wordRight", keys: ["ArrowRight"], extend: true, says: "Next word; with Shift, up to it" },
    { command: "wordLeft", keys: ["ArrowLeft"], extend: true, says: "Word before" },
    { command: "sentenceDown", keys: ["ArrowDown"], extend: true, says: "Next sentence" },
    { command: "sentenceUp", keys: ["ArrowUp"], extend: true, says: "Sentence before" },
    { command: "letterRight", keys: ["Alt+ArrowRight"], says: "Longer by a letter" },
    { command: "letterLeft", keys: ["Alt+ArrowLeft"], says: "Shorter by a letter" },
    { command: "entity", keys: ["e"], says: "Entity: then its type" },
    { command: "claim", keys: ["c"], says: "Claim" },
    { command: "source", keys: ["s"], says: "Source: then its kind" },
    { command: "type", keys: DIGITS, fixed: true, says: "That type, at once" },
    { command: "part", keys: ["+"], says: "Keep this part and select the next" },
    { command: "replace", keys: ["w"], says: "The current tag stands on these words" },
    { command: "join", keys: ["p"], says: "Add them to the current tag" },
    { command: "cue", keys: ["q"], says: "They are the cue of the current claim’s source" },
    { command: "exact", keys: ["."], says: "Whole words, or exactly these letters" },
    { command: "escape", keys: ["Escape"], fixed: true, says: "Leave the words alone" },
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
