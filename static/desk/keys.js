/**
 * What is typed becomes a command. Bound to what the key types, not to where it lies, so that
 * every layout works; where a layout types no Latin letters, the key's place stands in.
 */

/** The keys of each command, in the order in which the sheet shows them. */
export const KEYMAP = [
  { command: "next", keys: ["j", "ArrowDown"], says: "Next tag" },
  { command: "previous", keys: ["k", "ArrowUp"], says: "Tag before" },
  { command: "accept", keys: ["a"], says: "Accept, and on to the next to decide" },
  { command: "reject", keys: ["x"], says: "Reject, and on" },
  { command: "skip", keys: [" "], says: "Skip to the next to decide" },
  { command: "takeBack", keys: ["Backspace"], says: "Take the decision back" },
  { command: "undo", keys: ["u"], says: "Undo my last decision, wherever it was" },
  { command: "type", keys: ["1", "2", "3", "4", "5", "6", "7"], says: "Set the type" },
  { command: "attach", keys: ["e"], says: "Attach to an entity" },
  { command: "sentence", keys: ["s"], says: "Edit the claim’s sentence" },
  { command: "tie", keys: ["t"], says: "Tie the claim to its source" },
  { command: "remove", keys: ["Delete"], says: "Remove a tag that a person made" },
  { command: "words", keys: ["n"], says: "Select words: then arrows, Shift to extend" },
  { command: "help", keys: ["?"], says: "Show or hide these keys" },
  { command: "escape", keys: ["Escape"], says: "Leave what is open" },
];

/** While words are selected. */
export const SELECTION_KEYS = [
  { command: "entity", keys: ["e"], says: "Entity: then its type" },
  { command: "claim", keys: ["c"], says: "Claim" },
  { command: "source", keys: ["s"], says: "Source: then its kind" },
  { command: "type", keys: ["1", "2", "3", "4", "5", "6", "7"], says: "That type, at once" },
  { command: "escape", keys: ["Escape"], says: "Leave the words alone" },
];

/** While words are selected by keyboard. */
export const WORD_KEYS = [
  { command: "wordRight", keys: ["ArrowRight"], says: "Next word" },
  { command: "wordLeft", keys: ["ArrowLeft"], says: "Word before" },
  { command: "sentenceDown", keys: ["ArrowDown"], says: "Next sentence" },
  { command: "sentenceUp", keys: ["ArrowUp"], says: "Sentence before" },
];

const FIELDS = "input, textarea, select, [contenteditable]";
const PRESSED_BY = "button, a[href], summary";
const LATIN = /^[ -~]$/;

/** What the key types; for a letter of another script, the Latin one at its place. */
export function typed(event) {
  const { key, code = "" } = event;
  if (key.length > 1 || LATIN.test(key)) return key.length === 1 ? key.toLowerCase() : key;
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key;
}

/** Whether the event belongs to a field, a dialog's own keys, or the browser. */
export function isElsewhere(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (target?.closest?.(FIELDS)) return true;
  return (event.key === "Enter" || event.key === " ") && Boolean(target?.closest?.(PRESSED_BY));
}

/** `{command, key}` for a key of the map; null for any other, and while typing in a field. */
export function commandOf(event, keymap = KEYMAP) {
  if (isElsewhere(event)) return null;
  const key = typed(event);
  const entry = keymap.find((one) => one.keys.includes(key));
  return entry ? { command: entry.command, key } : null;
}
