import assert from "node:assert/strict";
import test from "node:test";

import { Store } from "../../../../static/desk/store.js";
import { nextAt, placesOf, suggestedFrom, tally, Walk } from "../../../../static/desk/walk.js";

/** "a b- c+ d:50": a is open, b rejected, c accepted, d open and 50 % sure. */
function walk(line) {
  const annotations = line.split(" ").map((word, place) => ({
    id: word[0],
    status: { "-": "rejected", "+": "accepted" }[word[1]] ?? "suggested",
    kind: word.includes("!") ? "claim" : "entity",
    confidence: word.includes(":") ? Number(word.split(":")[1].replace("!", "")) / 100 : 0.9,
    spans: [[place * 2, place * 2 + 1]],
    revision: 1,
    version: 1,
  }));
  return new Walk(new Store({ revision: 1, annotations, ties: [] }));
}

test("the cursor begins at the first, or the last", () => {
  assert.equal(walk("a b").neighbour(null), "a");
  assert.equal(walk("a b").neighbour(null, true), "b");
});

test("the cursor passes over what was rejected, and stops at what was accepted", () => {
  assert.equal(walk("a b- c+").neighbour("a"), "c");
  assert.equal(walk("a b- c+").neighbour("c", true), "a");
});

test("at the end the cursor stays", () => {
  assert.equal(walk("a b").neighbour("b"), "b");
  assert.equal(walk("a b").neighbour("a", true), "a");
});

test("from a rejected one the cursor goes on from its place", () => {
  assert.equal(walk("a b- c").neighbour("b"), "c");
});

test("what is rejected is walked when it is asked for", () => {
  const rejected = walk("a b- c d-");
  rejected.only.status = "rejected";
  assert.equal(rejected.neighbour("b"), "d");
});

test("the next to decide is after the cursor, then round from the start", () => {
  assert.equal(walk("a b+ c").nextOpen("a"), "c");
  assert.equal(walk("a b+ c+").nextOpen("c"), "a");
});

test("the last one to decide is its own next", () => {
  assert.equal(walk("a+ b c-").nextOpen("b"), "b");
});

test("when all is decided there is no next", () => {
  assert.equal(walk("a+ b-").nextOpen("a"), undefined);
});

test("what was skipped comes back at the end, in the order in which it was skipped", () => {
  const some = walk("a b c d+");
  some.skip("b");
  some.skip("a");
  assert.equal(some.nextOpen("a"), "c");
  assert.equal(walk("a b c+").nextOpen("a"), "b");
  some.skip("c");
  assert.equal(some.nextOpen("c"), "b");
  some.skip("b");
  assert.equal(some.nextOpen("b"), "a");
});

test("the least sure come first, those of one confidence by place", () => {
  const some = walk("a:90 b:40 c:40 d:60");
  some.leastSure = true;
  assert.deepEqual([some.nextOpen(null), some.nextOpen("b"), some.nextOpen("c"), some.nextOpen("d"), some.nextOpen("a")], ["b", "c", "d", "a", "b"]);
  assert.equal(some.neighbour("d", true), "c");
});

test("only one kind, and only one confidence, is walked", () => {
  const some = walk("a:90 b:90! c:40! d:40");
  some.only.kind = "claim";
  assert.equal(some.nextOpen("a"), "b");
  some.only.band = "unsure";
  assert.equal(some.nextOpen("a"), "c");
  assert.equal(some.neighbour("c"), "c");
});

test("the bands begin at 85 and at 60 per cent", () => {
  const { left } = tally(walk("a:100 b:85 c:84 d:60 e:59 f:0"));
  assert.deepEqual([left.sure, left.likely, left.unsure], [2, 2, 2]);
});

test("the counts by kind are of the confidence that is shown, and the other way about", () => {
  const some = walk("a:90 b:90! c:40! d:40 e+:40 f-:40");
  some.only.band = "unsure";
  const { left, shown } = tally(some);
  assert.deepEqual(left, { entity: 1, claim: 1, source: 0, sure: 2, likely: 0, unsure: 2 });
  assert.deepEqual(shown, { suggested: 2, accepted: 1, rejected: 1 });
});

test("above a confidence is what is shown, open and as sure", () => {
  const some = walk("a:90 b:80 c:70 d+:90 e:80!");
  const ids = () => suggestedFrom(some, 0.8).map((one) => one.id);
  assert.deepEqual(ids(), ["a", "b", "e"]);
  some.only.kind = "claim";
  assert.deepEqual(ids(), ["e"]);
});

const place = (id, more) => ({ id, kind: "entity", type: "person", name: "Ana", body: null, status: "suggested", ...more });

test("the places of an entity are those of its name and type while nobody said which it is", () => {
  const all = [place("a"), place("b", { name: "ANA" }), place("c", { type: "place" }), place("d", { status: "rejected" }), place("e", { kind: "source" })];
  assert.deepEqual(placesOf(all, all[0]).map((one) => one.id), ["a", "b"]);
});

test("the places of an entity that is known are its own, whatever they are called", () => {
  const all = [place("a", { body: { id: 1 } }), place("b", { body: { id: 1 }, name: "Ruiz" }), place("c", { body: { id: 2 } }), place("d")];
  assert.deepEqual(placesOf(all, all[0]).map((one) => one.id), ["a", "b", "d"]);
});

test("clicking again goes outwards and round", () => {
  assert.equal(nextAt(["in", "out"], "in"), "out");
  assert.equal(nextAt(["in", "out"], "out"), "in");
});
