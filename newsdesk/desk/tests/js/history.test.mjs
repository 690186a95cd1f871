import assert from "node:assert/strict";
import test from "node:test";

import { History } from "../../../../static/desk/history.js";

const step = (name, undoes = null) => ({ step: name, undoes });
const stands = (history) => [history.last?.step, history.lastUndone?.step];

test("the last step is undone first", () => {
  assert.deepEqual(stands(new History([step("a"), step("b")])), ["b", undefined]);
});

test("what is undone can be done again, and undone again", () => {
  const history = new History([step("a"), step("b"), step("c", "b")]);
  assert.deepEqual(stands(history), ["a", "c"]);
  history.add(step("d", "c"));
  assert.deepEqual(stands(history), ["d", undefined]);
  history.add(step("e", "d"));
  assert.deepEqual(stands(history), ["a", "e"]);
});

test("several are undone, and done again in their order", () => {
  const history = new History([step("a"), step("b"), step("ub", "b"), step("ua", "a")]);
  assert.deepEqual(stands(history), [undefined, "ua"]);
  history.add(step("ra", "ua"));
  assert.deepEqual(stands(history), ["ra", "ub"]);
});

test("who does something new cannot do again what she undid before", () => {
  assert.deepEqual(stands(new History([step("a"), step("ua", "a"), step("b")])), ["b", undefined]);
});

test("a step that the log tells and that waits here too counts once", () => {
  const history = new History([step("a")]);
  history.add(step("a"));
  history.add(step("ua", "a"));
  assert.deepEqual(stands(history), [undefined, "ua"]);
});

test("the undoing of a step that is too old to be told can be taken back", () => {
  assert.deepEqual(stands(new History([step("u", "old")])), [undefined, "u"]);
});

test("a step of which nothing was done is forgotten", () => {
  const history = new History([step("a"), step("b")]);
  history.drop("b");
  assert.deepEqual(stands(history), ["a", undefined]);
});
