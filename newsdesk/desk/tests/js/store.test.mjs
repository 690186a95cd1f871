import assert from "node:assert/strict";
import test from "node:test";

import * as decide from "../../../../static/desk/decisions.js";
import { Store } from "../../../../static/desk/store.js";

const mention = (id, start, more = {}) => ({
  id,
  kind: "entity",
  spans: [[start, start + 3]],
  revision: 1,
  type: "person",
  name: id,
  label: id,
  body: null,
  status: "suggested",
  version: 1,
  deleted: false,
  ...more,
});

const storeOf = (annotations, ties = []) => new Store({ revision: 1, annotations, ties });
const propose = (store, subject, decision) => store.propose([[subject, decision]])[0];
const answer = (...changed) => ({ changed, ties: [] });
const tieOf = (claim, source, more = {}) => ({
  id: "tie", claim, source, cue: [], status: "suggested", version: 1, ...more,
});

test("annotations come in the order of the text, the longer first", () => {
  const store = storeOf([mention("b", 5), mention("a", 0), mention("long", 0, { spans: [[0, 9]] })]);
  assert.deepEqual(store.annotations().map((one) => one.id), ["long", "a", "b"]);
});

test("a decision shows at once", () => {
  const store = storeOf([mention("a", 0)]);
  propose(store, "annotation", decide.accept(store.get("a")));
  assert.equal(store.get("a").status, "accepted");
  assert.equal(store.annotations()[0].status, "accepted");
  assert.deepEqual(store.left(), { entity: 0, claim: 0, source: 0 });
});

test("a refused decision is taken back", () => {
  const store = storeOf([mention("a", 0)]);
  const decision = propose(store, "annotation", decide.reject(store.get("a")));
  store.withdraw([decision]);
  assert.equal(store.get("a").status, "suggested");
  assert.equal(store.waiting, 0);
});

test("what was decided on top of a refused decision falls with it", () => {
  const store = storeOf([mention("a", 0)]);
  const first = propose(store, "annotation", decide.reject(store.get("a")));
  const second = propose(store, "annotation", decide.reopen(store.get("a")));
  const other = propose(store, "annotation", decide.reopen({ id: "b" }));
  assert.deepEqual(store.withdraw([first]), [first, second]);
  assert.equal(store.waiting, 1);
  assert.equal(other.id, "b");
});

test("a decision is sent with the version that was seen when it was made", () => {
  const store = storeOf([mention("a", 0)]);
  const decision = propose(store, "annotation", decide.accept(store.get("a")));
  store.confirm("annotation", [mention("a", 0, { version: 2, status: "rejected" })]);
  assert.equal(store.wire(decision).version, 1);
});

test("a second decision is sent with the version that the first one made", () => {
  const store = storeOf([mention("a", 0)]);
  const first = propose(store, "annotation", decide.accept(store.get("a")));
  const second = propose(store, "annotation", decide.reopen(store.get("a")));
  store.settle([[first, answer(mention("a", 0, { version: 2, status: "accepted" }))]]);
  assert.equal(store.wire(second).version, 2);
  assert.equal(store.get("a").status, "suggested");
});

test("a colleague's decision shows when mine is refused", () => {
  const store = storeOf([mention("a", 0)]);
  const mine = propose(store, "annotation", decide.accept(store.get("a")));
  store.confirm("annotation", [mention("a", 0, { version: 2, status: "rejected" })]);
  assert.equal(store.get("a").status, "accepted");
  store.withdraw([mine]);
  assert.equal(store.get("a").status, "rejected");
});

test("an older version changes nothing and tells nobody", () => {
  const store = storeOf([mention("a", 0, { version: 3 })]);
  let told = 0;
  store.subscribe(() => (told += 1));
  assert.equal(store.confirm("annotation", [mention("a", 0, { version: 2 })]), false);
  assert.equal(told, 0);
});

test("an annotation of another revision is not put on this text", () => {
  const store = storeOf([]);
  assert.equal(store.confirm("annotation", [mention("a", 0, { revision: 2 })]), false);
  assert.equal(store.get("a"), undefined);
});

test("a deleted annotation is gone and can be looked at", () => {
  const store = storeOf([mention("a", 0)]);
  propose(store, "annotation", decide.remove(store.get("a")));
  assert.equal(store.get("a"), undefined);
  assert.deepEqual(store.annotations(), []);
  assert.equal(store.peek("a").deleted, true);
});

test("an addition is there at once, in its place", () => {
  const store = storeOf([mention("a", 0), mention("c", 20)]);
  const made = { id: "b", kind: "entity", type: "place", spans: [[8, 12]], words: "Rome", revision: 1, me: "ada" };
  const decision = propose(store, "annotation", decide.add(made));
  assert.deepEqual(store.annotations().map((one) => one.id), ["a", "b", "c"]);
  assert.equal(store.wire(decision).version, undefined);
  store.withdraw([decision]);
  assert.equal(store.get("b"), undefined);
});

test("the annotation at a place is found by kind and spans", () => {
  const store = storeOf([mention("a", 0)]);
  assert.equal(store.at("entity", [[0, 3]]).id, "a");
  assert.equal(store.at("source", [[0, 3]]), undefined);
});

test("a tie gets its identifier from the server", () => {
  const store = storeOf([mention("c", 0, { kind: "claim" }), mention("s", 9, { kind: "source" })]);
  const decision = propose(store, "tie", decide.tie("c", "s", "mine"));
  assert.equal(store.tiesOf("c")[0].id, "mine");
  const untied = propose(store, "tie", decide.untie(store.tiesOf("c")[0]));
  assert.deepEqual(store.tiesOf("c"), []);
  store.settle([[decision, { changed: [], ties: [tieOf("c", "s", { id: "theirs", version: 1 })] }]]);
  assert.deepEqual(store.wire(untied), { action: "untie", id: "theirs", version: 1 });
});

test("a tie to a source that is gone does not show", () => {
  const parts = [mention("c", 0, { kind: "claim" }), mention("s", 9, { kind: "source" })];
  const store = storeOf(parts, [tieOf("c", "s")]);
  propose(store, "annotation", decide.remove(store.get("s")));
  assert.deepEqual(store.tiesOf("c"), []);
});

test("the listeners are told which ones changed", () => {
  const store = storeOf([mention("a", 0)]);
  const told = [];
  store.subscribe((ids) => told.push([...ids]));
  propose(store, "annotation", decide.accept(store.get("a")));
  assert.deepEqual(told, [["a"]]);
});

test("many decisions are told of once, and withdrawn together", () => {
  const store = storeOf(Array.from({ length: 50 }, (_, index) => mention(`m${index}`, 9 * index)));
  const told = [];
  store.subscribe((ids) => told.push(ids.size));
  const decisions = store.propose(store.annotations().map((one) => ["annotation", decide.accept(one)]));
  assert.equal(store.left().entity, 0);
  assert.equal(store.waiting, 50);
  store.withdraw(decisions);
  assert.deepEqual(told, [50, 50]);
  assert.equal(store.left().entity, 50);
});

test("a second decision foresees the version that the first one makes", () => {
  const store = storeOf([mention("a", 0, { version: 3 })]);
  propose(store, "annotation", decide.accept(store.get("a")));
  const second = propose(store, "annotation", decide.reopen(store.get("a")));
  assert.equal(second.version, 4);
});

test("a decision of another text shows without a place, an addition of one not at all", () => {
  const store = storeOf([mention("a", 0)]);
  const moved = { request: { action: "change", id: "a", spans: [[9, 12]] }, seems: { spans: [[9, 12]], type: "place" }, away: true };
  propose(store, "annotation", moved);
  assert.deepEqual([store.get("a").spans, store.get("a").type], [[[0, 3]], "place"]);
  propose(store, "annotation", { ...decide.add({ id: "b", kind: "entity", spans: [[1, 2]], words: "x" }), away: true });
  assert.equal(store.get("b"), undefined);
  assert.equal(store.waiting, 2);
});

test("what a step made is gone, and what it changed is as before, until the server says so", () => {
  assert.deepEqual(decide.revert({ subject: "annotation", id: "a" }).seems, { deleted: true });
  assert.deepEqual(decide.revert({ subject: "tie", id: "t" }).seems, { status: "rejected" });
  const before = mention("a", 0);
  const { request, seems } = decide.revert({ subject: "annotation", id: "a", before });
  assert.deepEqual(request, { action: "revert", id: "a", subject: "annotation" });
  assert.deepEqual([seems.status, seems.spans, seems.version], ["suggested", [[0, 3]], undefined]);
});
