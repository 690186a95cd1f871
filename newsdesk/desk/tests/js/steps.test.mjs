import assert from "node:assert/strict";
import test from "node:test";

import * as decide from "../../../../static/desk/decisions.js";
import { Steps } from "../../../../static/desk/steps.js";
import { Store } from "../../../../static/desk/store.js";
import { Waiting } from "../../../../static/desk/waiting.js";

const mention = (id, more = {}) => ({
  id, kind: "entity", spans: [[Number(id), Number(id) + 1]], revision: 1, type: "person", name: id,
  label: id, body: null, status: "suggested", version: 1, deleted: false, ...more,
});

/** A browser's storage; `room` is how many items it takes. */
class Shelf {
  constructor(room = 100) {
    this.items = new Map();
    this.room = room;
  }

  get length() {
    return this.items.size;
  }

  key(index) {
    return [...this.items.keys()][index];
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    if (this.items.size >= this.room) throw new Error("full");
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }
}

/** The locks of a browser: each name is held by one page at a time, and free as it closes. */
class Locks {
  #queues = new Map();

  request(name, held) {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, [...queue, held]);
    if (!queue.length) held();
    return Promise.resolve();
  }

  close(name) {
    const [, next, ...rest] = this.#queues.get(name);
    this.#queues.set(name, next ? [next, ...rest] : []);
    next?.();
  }
}

/** A page with its storage; `sent` is what its network was given. */
function page({ shelf = new Shelf(), locks = new Locks(), tab = "tab", revision = 1, version = 1, steps = [] } = {}) {
  const store = new Store({ revision, annotations: ["1", "2", "3"].map((id) => mention(id, { revision, version })), ties: [] });
  const waiting = new Waiting({ user: "ada", article: 7, title: "T", tab, storage: shelf, locks });
  const sent = [];
  const told = { refused: [], unkept: 0 };
  const mine = new Steps({
    store, waiting, network: { send: (step) => sent.push(step) }, me: "ada", revision, steps,
    rowsOf: async () => null,
    refused: (refusals) => told.refused.push(...refusals),
    unkept: () => (told.unkept += 1),
  });
  waiting.adopt((items) => mine.resume(items));
  return { store, waiting, steps: mine, sent, told, shelf, locks };
}

const accepting = (store, ...ids) => ids.map((id) => ["annotation", decide.accept(store.get(id))]);
const done = (id, version, more) => ({ status: 200, changed: [mention(id, { status: "accepted", version, ...more })], ties: [] });
const stale = (id, version, more) => ({
  status: 409, subject: "annotation", by: "bo", current: mention(id, { status: "rejected", version, ...more }),
});

test("a step is kept before it is sent, and let go once it is answered", () => {
  const { steps, store, sent, shelf } = page();
  steps.do(accepting(store, "1", "2"));
  assert.equal(shelf.length, 1);
  const wire = steps.wire(sent[0]);
  assert.deepEqual([wire.action, wire.user, wire.revision, wire.decisions.length], ["batch", "ada", 1, 2]);
  steps.answered(sent[0], 200, { results: [done("1", 2), done("2", 2)] });
  assert.equal(shelf.length, 0);
  assert.equal(store.waiting, 0);
});

test("what a closed tab left is sent by the next page with the versions that were seen", () => {
  const first = page({ tab: "old" });
  first.steps.do(accepting(first.store, "1"));
  first.steps.do([["annotation", decide.reopen(first.store.get("1"))]]);
  const next = page({ shelf: first.shelf, locks: first.locks, tab: "new", version: 5 });
  assert.equal(next.sent.length, 0);
  first.locks.close("newsdesk/old");
  assert.deepEqual(next.sent.map((step) => next.steps.wire(step).decisions[0].version), [1, 2]);
  assert.deepEqual(next.sent.map((step) => step.id), first.sent.map((step) => step.id));
  assert.equal(next.store.get("1").status, "suggested");
  assert.equal(next.store.waiting, 2);
});

test("another person's decisions are left alone", () => {
  const first = page({ tab: "old" });
  first.steps.do(accepting(first.store, "1"));
  first.locks.close("newsdesk/old");
  const bo = new Waiting({ user: "bo", article: 7, title: "T", tab: "new", storage: first.shelf, locks: first.locks });
  bo.adopt(() => assert.fail("these are ada's"));
  assert.equal(first.shelf.length, 1);
});

test("an item that cannot be read is thrown away", () => {
  const shelf = new Shelf();
  shelf.setItem("newsdesk/step/ada/7/old/1-000001", "{");
  assert.equal(page({ shelf }).sent.length, 0);
  assert.equal(shelf.length, 0);
});

test("a browser that keeps nothing is told of, and the step is sent all the same", () => {
  const { steps, store, sent, told, waiting } = page({ shelf: new Shelf(0) });
  steps.do(accepting(store, "1"));
  assert.deepEqual([told.unkept, sent.length, waiting.unkept.size], [1, 1, 1]);
  steps.answered(sent[0], 200, { results: [done("1", 2)] });
  assert.equal(waiting.unkept.size, 0);
});

test("where a colleague was faster the choice is kept, with all that was decided on top", () => {
  const { steps, store, sent, told, waiting, shelf } = page();
  steps.do(accepting(store, "1", "2"));
  steps.do([["annotation", decide.retype(store.get("1"), "place")]]);
  steps.answered(sent[0], 200, { results: [stale("1", 2), done("2", 2)] });
  assert.equal(store.get("1").status, "rejected");
  assert.equal(store.get("2").status, "accepted");
  assert.deepEqual(told.refused[0].mine.map((one) => one.request.action), ["accept", "change"]);
  assert.deepEqual(waiting.choices().map((one) => one.id), ["1"]);
  assert.equal(steps.wire(sent[1]), null);
  assert.equal(shelf.length, 1);
  waiting.dropChoice(waiting.choices()[0].key);
  assert.equal(shelf.length, 0);
});

test("where a colleague decided the same there is nothing to choose", () => {
  const { steps, store, sent, told } = page();
  steps.do(accepting(store, "1"));
  steps.answered(sent[0], 200, { results: [stale("1", 2, { status: "accepted", name: "One", body: { id: 4 } })] });
  assert.deepEqual([told.refused.length, store.get("1").name, store.waiting], [0, "One", 0]);
});

test("a refusal of the request as a whole is one of each decision", () => {
  const { steps, store, sent, told } = page();
  steps.do(accepting(store, "1", "2"));
  steps.answered(sent[0], 422, { detail: "No." });
  assert.deepEqual(told.refused.map((one) => [one.answer.detail, one.kept]), [["No.", undefined], ["No.", undefined]]);
  assert.equal(store.get("1").status, "suggested");
});

test("a step is undone as one, and the undoing names it", async () => {
  const { steps, store, sent } = page();
  const step = steps.do(accepting(store, "1", "2"));
  const undone = await steps.undo();
  assert.deepEqual(undone.ids, ["2", "1"]);
  assert.equal(store.get("1").status, "suggested");
  assert.equal(steps.wire(sent[1]).undoes, step.id);
  await steps.redo();
  assert.equal(store.get("2").status, "accepted");
  assert.equal(await steps.redo(), null);
});

test("steps of the log are undone as the log tells them", async () => {
  const rows = [{ subject: "annotation", id: "1", before: { status: "rejected" } }];
  const { steps, store } = page({ steps: [{ step: "s", undoes: null, rows }] });
  await steps.undo();
  assert.equal(store.get("1").status, "rejected");
});

test("a step whose rows cannot be had is not undone", async () => {
  const { steps, sent } = page({ steps: [{ step: "s", undoes: null, rows: null }] });
  assert.deepEqual(await steps.undo(), { ids: [], failed: true });
  assert.equal(sent.length, 0);
});
