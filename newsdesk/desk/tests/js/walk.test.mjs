import assert from "node:assert/strict";
import test from "node:test";

import { nextAt, nextOpen, neighbour } from "../../../../static/desk/walk.js";

/** "a b- c+": a is open, b rejected, c accepted. */
const row = (line) =>
  line.split(" ").map((word) => ({
    id: word[0],
    status: { "-": "rejected", "+": "accepted" }[word[1]] ?? "suggested",
  }));

test("the cursor begins at the first, or the last", () => {
  assert.equal(neighbour(row("a b"), null), "a");
  assert.equal(neighbour(row("a b"), null, true), "b");
});

test("the cursor passes over what was rejected, and stops at what was accepted", () => {
  assert.equal(neighbour(row("a b- c+"), "a"), "c");
  assert.equal(neighbour(row("a b- c+"), "c", true), "a");
});

test("at the end the cursor stays", () => {
  assert.equal(neighbour(row("a b"), "b"), "b");
  assert.equal(neighbour(row("a b"), "a", true), "a");
});

test("from a rejected one the cursor goes on from its place", () => {
  assert.equal(neighbour(row("a b- c"), "b"), "c");
});

test("the next to decide is after the cursor, then round from the start", () => {
  assert.equal(nextOpen(row("a b+ c"), "a"), "c");
  assert.equal(nextOpen(row("a b+ c+"), "c"), "a");
});

test("the last one to decide is its own next", () => {
  assert.equal(nextOpen(row("a+ b c-"), "b"), "b");
});

test("when all is decided there is no next", () => {
  assert.equal(nextOpen(row("a+ b-"), "a"), undefined);
});

test("clicking again goes outwards and round", () => {
  assert.equal(nextAt(["in", "out"], "in"), "out");
  assert.equal(nextAt(["in", "out"], "out"), "in");
});
