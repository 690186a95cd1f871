/** Changing keys: what clashes, and what the table is then. Pure. */

import { ROOMS, withChanges } from "./keys.js";

/** Keys that the browser or the page needs: they are never a command's own. */
const RESERVED = new Set(["Tab", "Shift+Tab", "Enter", "Escape"]);
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Unidentified", "Process"]);

/** Whether a press is only of a key that goes with others. */
export const isModifier = (key) => MODIFIERS.has(key);

/**
 * What stands in the way of a key for a command: `null`, or `{entry}` with the command that has
 * it, or `{fixed: true}` where it cannot be had.
 */
export function clashOf(changes, room, command, key) {
  if (RESERVED.has(key) || isModifier(key) || key.startsWith("Ctrl+")) return { fixed: true };
  const entry = withChanges(changes)[room].find((one) => one.command !== command && one.keys.includes(key));
  if (!entry) return null;
  return entry.fixed ? { entry, fixed: true } : { entry };
}

/** The changes with `key` in place of `old` (undefined to add one) among a command's keys. */
export function withKey(changes, room, command, old, key) {
  return given(changes, room, { [command]: replaced(changes, room, command, old, key) });
}

/** The changes with the key of one command and that of another changed about. */
export function swapped(changes, room, command, old, other, key) {
  return given(changes, room, {
    [command]: replaced(changes, room, command, old, key),
    [other]: replaced(changes, room, other, key, old),
  });
}

/** A command's keys with one in place of another, either of which may be none. */
function replaced(changes, room, command, old, key) {
  const { keys } = withChanges(changes)[room].find((one) => one.command === command);
  const now = old === undefined ? [...keys, key] : keys.map((one) => (one === old ? key : one));
  return [...new Set(now)].filter(Boolean);
}

const given = (changes, room, own) => tidy({ ...changes, [room]: { ...changes?.[room], ...own } });

/** Without what is as it is anyway. */
function tidy(changes) {
  const rooms = Object.entries(changes).map(([room, own]) => {
    const differs = ([command, keys]) => {
      const entry = ROOMS[room]?.find((one) => one.command === command);
      return entry && String(keys) !== String(entry.keys);
    };
    return [room, Object.fromEntries(Object.entries(own).filter(differs))];
  });
  return Object.fromEntries(rooms.filter(([, own]) => Object.keys(own).length));
}
