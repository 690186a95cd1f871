import assert from "node:assert/strict";
import test from "node:test";

import { commandOf, keyOf, ROOMS, useKeys, withChanges, written } from "../../../../static/desk/keys.js";
import { clashOf, swapped, withKey } from "../../../../static/desk/rebinding.js";
import { SAYS } from "../../../../static/desk/says.js";

/** A key event on an element of a kind: "input", "checkbox", "button". */
const press = (key, { on = "", altGraph = false, ...more } = {}) => ({
  key,
  target: { closest: (selectors) => selectors.split(", ").some((one) => one.split(":")[0] === on) || null },
  getModifierState: (name) => name === "AltGraph" && altGraph,
  ...more,
});

test("a key gives its command", () => {
  assert.deepEqual(commandOf(press("a")), { command: "accept", key: "a" });
  assert.deepEqual(commandOf(press("ArrowDown")), { command: "next", key: "ArrowDown" });
  assert.deepEqual(commandOf(press("3")), { command: "type", key: "3" });
});

test("with Shift a letter is another key, whatever the capitals lock says", () => {
  assert.equal(commandOf(press("A", { shiftKey: true })).command, "acceptPlaces");
  assert.equal(commandOf(press("a", { shiftKey: true })).command, "acceptPlaces");
  assert.equal(commandOf(press("X")).command, "reject");
});

test("signs count as they are typed, with Shift or without", () => {
  for (const shiftKey of [true, false]) assert.equal(commandOf(press("?", { shiftKey })).command, "help");
});

test("Shift moves the start of a tag, and extends what is selected", () => {
  const event = press("ArrowRight", { shiftKey: true });
  assert.equal(commandOf(event).command, "startIn");
  assert.equal(commandOf(event, "words").command, "wordRight");
});

test("undo and redo are where other programs have them", () => {
  assert.equal(commandOf(press("z", { ctrlKey: true })).command, "undo");
  assert.equal(commandOf(press("z", { metaKey: true })).command, "undo");
  assert.equal(commandOf(press("Z", { ctrlKey: true, shiftKey: true })).command, "redo");
});

for (const field of ["input", "textarea", "select", "[contenteditable]"]) {
  test(`no key fires while typing in ${field}`, () => {
    assert.equal(commandOf(press("a", { on: field })), null);
    assert.equal(commandOf(press("Backspace", { on: field })), null);
    assert.equal(commandOf(press("z", { on: field, ctrlKey: true })), null);
  });
}

test("space and Enter on a button press the button", () => {
  assert.equal(commandOf(press(" ", { on: "button" })), null);
  assert.equal(commandOf(press("a", { on: "button" })).command, "accept");
});

for (const modifier of ["ctrlKey", "metaKey", "altKey", "isComposing"]) {
  test(`what is typed with ${modifier} is left to the browser`, () => {
    assert.equal(commandOf(press("a", { [modifier]: true })), null);
  });
}

test("what AltGr types counts as typed", () => {
  useKeys({ tags: { skip: ["["] } });
  assert.equal(commandOf(press("[", { ctrlKey: true, altKey: true, altGraph: true })).command, "skip");
  useKeys({});
});

test("a dead key is no key yet", () => {
  assert.equal(commandOf(press("Dead", { code: "Equal" })), null);
});

test("what counts is the letter, not the place of the key: a French keyboard", () => {
  assert.equal(commandOf(press("a", { code: "KeyQ" })).command, "accept");
  assert.equal(commandOf(press("q", { code: "KeyA" })), null);
  assert.deepEqual(commandOf(press("2", { code: "Digit2", shiftKey: true })), { command: "type", key: "2" });
});

for (const [layout, letter] of [["Russian", "ф"], ["Greek", "α"], ["Arabic", "ش"], ["Hebrew", "ש"]]) {
  test(`where no Latin letters are typed the place of the key counts: a ${layout} keyboard`, () => {
    assert.equal(commandOf(press(letter, { code: "KeyA" })).command, "accept");
    assert.equal(commandOf(press(letter.toUpperCase(), { code: "KeyA", shiftKey: true })).command, "acceptPlaces");
  });
}

test("a letter with an accent is no command", () => {
  assert.equal(commandOf(press("é", { code: "Digit2" })), null);
});

for (const [room, entries] of Object.entries(ROOMS)) {
  test(`no key of the room "${room}" means two things, and no command stands twice`, () => {
    const keys = entries.flatMap((entry) => entry.keys);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(new Set(entries.map((entry) => entry.command)).size, entries.length);
  });
}

test("the sheet has words for every command, and for no other", () => {
  for (const [room, entries] of Object.entries(ROOMS)) {
    assert.deepEqual(Object.keys(SAYS[room]), entries.map((entry) => entry.command));
  }
});

test("an editor's own keys count in place of the table's", () => {
  useKeys({ tags: { accept: ["f"] } });
  assert.equal(commandOf(press("f")).command, "accept");
  assert.equal(commandOf(press("a")), null);
  assert.equal(keyOf("accept"), "f");
  useKeys({});
  assert.equal(keyOf("accept"), "a");
});

test("a key that an editor took from another command is that one's no more", () => {
  const { tags } = withChanges({ tags: { accept: ["x"] } });
  assert.deepEqual(tags.find((one) => one.command === "reject").keys, []);
});

for (const odd of [null, undefined, { tags: { gone: ["f"] } }, { elsewhere: { accept: ["f"] } }, { tags: { escape: ["f"], type: ["f"] } }]) {
  test(`the table stays as it is with ${JSON.stringify(odd)}`, () => {
    assert.deepEqual(withChanges(odd), ROOMS);
  });
}

test("a clash is named", () => {
  assert.equal(clashOf({}, "tags", "accept", "x").entry.command, "reject");
  assert.equal(clashOf({}, "tags", "accept", "w"), null);
  assert.equal(clashOf({}, "words", "entity", "w").entry.command, "replace");
});

test("the digits, Tab and Enter cannot be had", () => {
  for (const key of ["1", "Tab", "Enter", "Escape", "Ctrl+c"]) assert.equal(clashOf({}, "tags", "accept", key).fixed, true);
});

test("two keys can be swapped, and swapped back to what they were", () => {
  const once = swapped({}, "tags", "accept", "a", "reject", "x");
  assert.deepEqual(once, { tags: { accept: ["x"], reject: ["a"] } });
  assert.deepEqual(swapped(once, "tags", "accept", "x", "reject", "a"), {});
});

test("one of two keys is changed alone", () => {
  assert.deepEqual(withKey({}, "tags", "next", "j", "h"), { tags: { next: ["h", "ArrowDown"] } });
});

test("a command without a key can be given one, taken from another", () => {
  const none = { tags: { accept: [] } };
  assert.deepEqual(withKey(none, "tags", "accept", undefined, "w"), { tags: { accept: ["w"] } });
  assert.deepEqual(swapped(none, "tags", "accept", undefined, "reject", "x"), { tags: { accept: ["x"], reject: [] } });
});

test("keys are written as people call them", () => {
  assert.deepEqual([" ", "A", "a", "Shift+ArrowLeft", "Ctrl+Z", "Backspace", "+"].map(written), ["space", "Shift a", "a", "Shift ←", "Ctrl Shift z", "⌫", "+"]);
});
