import assert from "node:assert/strict";
import test from "node:test";

import { commandOf, KEYMAP, SELECTION_KEYS, WORD_KEYS } from "../../../../static/desk/keys.js";

/** A key event on an element that matches these selectors' words. */
const press = (key, { on = "", ...more } = {}) => ({
  key,
  target: { closest: (selectors) => selectors.split(", ").includes(on) || null },
  ...more,
});

test("a key gives its command", () => {
  assert.deepEqual(commandOf(press("a")), { command: "accept", key: "a" });
  assert.deepEqual(commandOf(press("ArrowDown")), { command: "next", key: "ArrowDown" });
  assert.deepEqual(commandOf(press("3")), { command: "type", key: "3" });
});

test("with the capitals locked the same keys work", () => {
  assert.equal(commandOf(press("X")).command, "reject");
});

for (const field of ["input", "textarea", "select", "[contenteditable]"]) {
  test(`no key fires while typing in ${field}`, () => {
    assert.equal(commandOf(press("a", { on: field })), null);
    assert.equal(commandOf(press("Backspace", { on: field })), null);
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

test("what counts is the letter, not the place of the key: a French keyboard", () => {
  assert.equal(commandOf(press("a", { code: "KeyQ" })).command, "accept");
  assert.equal(commandOf(press("q", { code: "KeyA" })), null);
  assert.deepEqual(commandOf(press("2", { code: "Digit2", shiftKey: true })), { command: "type", key: "2" });
});

test("where no Latin letters are typed the place of the key counts: a Russian keyboard", () => {
  assert.equal(commandOf(press("ф", { code: "KeyA" })).command, "accept");
});

test("a letter with an accent is no command", () => {
  assert.equal(commandOf(press("é", { code: "Digit2" })), null);
});

for (const [name, map] of Object.entries({ KEYMAP, SELECTION_KEYS, WORD_KEYS })) {
  test(`no key of ${name} means two things`, () => {
    const keys = map.flatMap((entry) => entry.keys);
    assert.equal(new Set(keys).size, keys.length);
  });
}
