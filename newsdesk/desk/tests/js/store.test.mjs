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
  store.propose("annotation", decide.accept(store.get("a")));
  assert.equal(store.get("a").status, "accepted");
  assert.equal(store.annotations()[0].status, "accepted");
  assert.deepEqual(store.left(), { entity: 0, claim: 0, source: 0 });
});

test("a refused decision is taken back", () => {
  const store = storeOf([mention("a", 0)]);
  const decision = store.propose("annotation", decide.reject(store.get("a")));
  store.withdraw(decision);
  assert.equal(store.get("a").status, "suggested");
  assert.equal(store.waiting, 0);
});

test("what was decided on top of a refused decision falls with it", () => {
  const store = storeOf([mention("a", 0)]);
  const first = store.propose("annotation", decide.reject(store.get("a")));
  const second = store.propose("annotation", decide.reopen(store.get("a")));
  const other = store.propose("annotation", decide.reopen({ id: "b" }));
  assert.deepEqual(store.withdraw(first), [first, second]);
  assert.equal(store.waiting, 1);
  assert.equal(other.id, "b");
});

test("a decision is sent with the version that was seen when it was made", () => {
  const store = storeOf([mention("a", 0)]);
  const decision = store.propose("annotation", decide.accept(store.get("a")));
  store.confirm("annotation", [mention("a", 0, { version: 2, status: "rejected" })]);
  assert.equal(store.wire(decision).version, 1);
});

test("a second decision is sent with the version that the first one made", () => {
  const store = storeOf([mention("a", 0)]);
  const first = store.propose("annotation", decide.accept(store.get("a")));
  const second = store.propose("annotation", decide.reopen(store.get("a")));
  store.settle(first, answer(mention("a", 0, { version: 2, status: "accepted" })));
  assert.equal(store.wire(second).version, 2);
  assert.equal(store.get("a").status, "suggested");
});

test("a colleague's decision shows when mine is refused", () => {
  const store = storeOf([mention("a", 0)]);
  const mine = store.propose("annotation", decide.accept(store.get("a")));
  store.confirm("annotation", [mention("a", 0, { version: 2, status: "rejected" })]);
  assert.equal(store.get("a").status, "accepted");
  store.withdraw(mine);
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
  store.propose("annotation", decide.remove(store.get("a")));
  assert.equal(store.get("a"), undefined);
  assert.deepEqual(store.annotations(), []);
  assert.equal(store.peek("a").deleted, true);
});

test("an addition is there at once, in its place", () => {
  const store = storeOf([mention("a", 0), mention("c", 20)]);
  const made = { id: "b", kind: "entity", type: "place", spans: [[8, 12]], words: "Rome", revision: 1, me: "ada" };
  const decision = store.propose("annotation", decide.add(made));
  assert.deepEqual(store.annotations().map((one) => one.id), ["a", "b", "c"]);
  assert.equal(store.wire(decision).version, undefined);
  store.withdraw(decision);
  assert.equal(store.get("b"), undefined);
});

test("the annotation at a place is found by kind and spans", () => {
  const store = storeOf([mention("a", 0)]);
  assert.equal(store.at("entity", [[0, 3]]).id, "a");
  assert.equal(store.at("source", [[0, 3]]), undefined);
});

test("a tie gets its identifier from the server", () => {
  const store = storeOf([mention("c", 0, { kind: "claim" }), mention("s", 9, { kind: "source" })]);
  const decision = store.propose("tie", decide.tie("c", "s", "mine"));
  assert.equal(store.tiesOf("c")[0].id, "mine");
  const untied = store.propose("tie", decide.untie(store.tiesOf("c")[0]));
  assert.deepEqual(store.tiesOf("c"), []);
  store.settle(decision, { changed: [], ties: [tieOf("c", "s", { id: "theirs", version: 1 })] });
  assert.deepEqual(store.wire(untied), { action: "untie", id: "theirs", version: 1 });
});

test("a tie to a source that is gone does not show", () => {
  const parts = [mention("c", 0, { kind: "claim" }), mention("s", 9, { kind: "source" })];
  const store = storeOf(parts, [tieOf("c", "s")]);
  store.propose("annotation", decide.remove(store.get("s")));
  assert.deepEqual(store.tiesOf("c"), []);
});

test("the listeners are told which ones changed", () => {
  const store = storeOf([mention("a", 0)]);
  const told = [];
  store.subscribe((ids) => told.push([...ids]));
  store.propose("annotation", decide.accept(store.get("a")));
  assert.deepEqual(told, [["a"]]);
});

/** What takes a decision on `one` back, as actions. */
function undone(one, decision, after) {
  const store = storeOf([one]);
  const proposed = store.propose("annotation", decision);
  return decide.inverse(proposed, { ...store.peek(one.id), ...after }).map((step) => step.request);
}

test("undoing an acceptance reopens it", () => {
  const one = mention("a", 0);
  assert.deepEqual(undone(one, decide.accept(one)), [{ action: "reopen", id: "a" }]);
});

test("undoing the taking back of a rejection rejects it", () => {
  const one = mention("a", 0, { status: "rejected" });
  assert.deepEqual(undone(one, decide.reopen(one)), [{ action: "reject", id: "a" }]);
});

test("undoing a change of type gives the type back, and the status", () => {
  const one = mention("a", 0);
  assert.deepEqual(undone(one, decide.retype(one, "place")), [
    { action: "change", id: "a", label: "a", type: "person", spans: [[0, 3]] },
    { action: "reopen", id: "a" },
  ]);
});

test("undoing an attachment of an accepted tag gives its entity back", () => {
  const one = mention("a", 0, { status: "accepted", body: { id: 7, href: "/" } });
  const entity = { id: 8, name: "B", type: "person", href: "/" };
  assert.deepEqual(undone(one, decide.attach(one, entity)), [
    { action: "change", id: "a", body: 7, spans: [[0, 3]] },
  ]);
});

test("undoing an addition removes it, and undoing a removal brings it back", () => {
  const one = mention("a", 0);
  assert.equal(undone(one, decide.remove(one))[0].action, "restore");
  const added = { subject: "annotation", request: { action: "add", id: "b" } };
  assert.equal(decide.inverse(added, one)[0].request.action, "delete");
});
