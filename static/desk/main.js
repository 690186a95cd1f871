/** The annotator: wires the parts together, and does nothing by itself. */

import { Acts } from "./acts.js";
import { Bracket } from "./bracket.js";
import { Card } from "./card.js";
import { commandOf, isElsewhere, keyOf, useKeys, written } from "./keys.js";
import { keeping } from "./keeping.js";
import { Names } from "./names.js";
import { Notices } from "./notices.js";
import { Offsets } from "./offsets.js";
import { Painter } from "./paint.js";
import { leftInWords, Panel } from "./panel.js";
import { Ranges } from "./ranges.js";
import { Reading } from "./reading.js";
import { Sifting } from "./sifting.js";
import { Store } from "./store.js";
import { nextAt, Walk } from "./walk.js";

const state = JSON.parse(document.getElementById("annotator-state").textContent);
const root = document.getElementById("text");
const { text, revision, me, urls } = state;

useKeys(state.keys);
const offsets = new Offsets(text);
const names = new Names(state.entityTypes, state.sourceKinds);
const store = new Store(state);
const walk = new Walk(store);
const ranges = new Ranges(root, offsets);
const shared = { store, names, offsets, walk, text, revision, me };
const painter = new Painter({ root, ranges, ...shared });
const panel = new Panel({ element: document.getElementById("list"), ...shared });
const card = new Card({
  element: document.getElementById("card"),
  things: state.things,
  saidBefore: (id) => network.saidBefore(urls.saidBefore.replace(state.anyId, id)),
  ...shared,
});
const bracket = new Bracket({ root, store, first: (id) => painter.first(id) });
const notices = new Notices(document.getElementById("notices"));
const sifting = new Sifting({
  walk,
  changed() {
    panel.sift();
    painter.sift();
  },
  leave: () => goTo(current),
});

let current = null;
let tellWhere = () => {};
const currentOne = () => (current ? store.get(current) : undefined);

/** First all is written, then all is measured: the page is laid out once a key. */
function goTo(id, options) {
  if (id !== current) adding?.settle();
  current = id;
  painter.setCurrent(id);
  panel.setCurrent(id);
  card.show(id);
  painter.reveal(options);
  panel.reveal();
  bracket.show(id);
  tellWhere(id);
}

const { network, steps, settle, signIn, tab } = keeping({ state, store, notices, names, goTo });
const acts = new Acts({
  store, steps, names, notices, walk, goTo, current: () => current,
  accepted: (id) => afterPaint(() => withAdding().then(() => adding?.offerFor(id))),
});
const reading = new Reading({
  element: document.getElementById("reading"),
  run: state.run,
  finished: (run) =>
    run.state === "done"
      ? notices.say(`The text has been read: ${leftInWords(store.left())}.`)
      : notices.warn("The reading failed. It can be asked for again above."),
});

store.subscribe((ids) => {
  painter.update(ids);
  panel.update(ids);
  card.update(ids);
  sifting.count();
  if (current && !store.get(current)) current = null;
  bracket.show(current);
});

/** What opening the page does not need comes once it is needed; the keys after it wait for it. */
let coming = null;
let adding = null;
const withAdding = later(async () => {
  const { Adding } = await import("./adding.js");
  adding = new Adding({
    acts, painter, ranges, notices, goTo, current: currentOne, back: () => goTo(current),
    more: { cue: (spans) => withChoices((choices) => choices.cue?.(currentOne(), spans)) },
    ...shared,
  });
  return adding;
});
const withChoices = later(async () => {
  const { Choices } = await import("./choices.js");
  return new Choices({ acts, card, network, searchUrl: urls.entities, back: () => goTo(current), ...shared });
});
const withSheet = later(async () => {
  const { KeySheet } = await import("./help.js");
  return new KeySheet({ keys: state.keys, save: (keys) => network.put(urls.keys, { keys }), changed: showCaps });
});

/** The keys on what the server drew, and on the card. */
function showCaps() {
  for (const cap of document.querySelectorAll("[data-cap]")) cap.textContent = written(keyOf(cap.dataset.cap) ?? "");
  card.show(current);
}

/** Something made once: a function that hands it on as soon as it is there. */
function later(make) {
  let made = null;
  let thing = null;
  return async (use) => {
    if (thing) return use?.(thing);
    made ??= make();
    if (use) wait(made);
    try {
      thing = await made;
      return use?.(thing);
    } catch (error) {
      // A module that could not be fetched is asked for again the next time.
      made = null;
      return use && notices.warn(`This could not be loaded (${error.message}): try again.`);
    }
  };
}

function wait(made) {
  const arriving = Promise.allSettled([coming, made]).then(() => coming === arriving && (coming = null));
  coming = arriving;
}

const afterPaint = (then) => requestAnimationFrame(() => setTimeout(then));

const RESIZING = ["endOut", "endIn", "startOut", "startIn"];
const commands = {
  ...Object.fromEntries(
    ["accept", "reject", "takeBack", "acceptPlaces", "undo", "redo", "type", "remove"].map((name) => [name, (key) => acts[name](key)]),
  ),
  ...Object.fromEntries(RESIZING.map((name) => [name, (key) => withAdding((one) => one.resize(name, key))])),
  next: () => goTo(walk.neighbour(current)),
  previous: () => goTo(walk.neighbour(current, true)),
  skip,
  go: (id) => goTo(id),
  acceptFrom: (key) => (key === undefined ? acts.acceptFrom(sifting.least) : sifting.focus("from")),
  order,
  sift: () => sifting.focus(),
  showAll: () => sifting.clear(),
  attach: () => choosing("attach", ["entity", "source"]),
  sentence: () => choosing("sentence", ["claim"]),
  tie: () => choosing("tie", ["claim"]),
  describe: () => choosing("describe", ["source"]),
  same: (id) => choosing("same", ["claim"], id),
  words: () => withAdding((one) => one.begin()),
  tagSame: () => adding?.offer.apply(),
  chooseSame: () => adding?.offer.choose(),
  leaveSame: () => adding?.offer.close(),
  help: () => withSheet((sheet) => sheet.toggle()),
  escape: () => card.close() || adding?.offer.close(),
  retry: () => network.retry(),
  settle: () => wait(settle()),
  signIn: () => wait(signIn()),
  closeNotice: () => notices.close(),
};

function choosing(what, kinds, more) {
  const one = currentOne();
  if (one && kinds.includes(one.kind)) withChoices((choices) => choices[what](one, more));
}

function skip() {
  const again = walk.wasSkipped(current);
  if (currentOne()?.status === "suggested") walk.skip(current);
  const next = walk.nextOpen(current) ?? current;
  goTo(next);
  if (walk.wasSkipped(next) && !again) notices.say("Now what was skipped.");
}

function order() {
  walk.leastSure = !walk.leastSure;
  sifting.show();
  panel.sift();
  if (walk.leastSure) goTo(walk.nextOpen(null) ?? current);
  notices.say(walk.leastSure ? "The least sure first." : "By their places in the text.");
}

/** What leaves a tag that is being resized as it was; all else stores it first. */
const DROPPING = ["reject", "takeBack", "undo", "escape"];

function run({ command, key }) {
  if (DROPPING.includes(command)) {
    if (adding?.drop() && command !== "reject") return;
  } else if (!RESIZING.includes(command)) adding?.settle();
  commands[command]?.(key);
}

const TAGGING = ["entity", "claim", "source", "part", "replace", "join"];

/** The keys pressed since something began to be fetched: they are heard after it, in their order. */
const held = [];

document.addEventListener("keydown", (event) => {
  if (!coming && !held.length) return hear(event);
  if (!commandOf(event) && !commandOf(event, "words")) return undefined;
  event.preventDefault();
  if (held.push(event) === 1) catchUp();
  return undefined;
});

async function catchUp() {
  for (; held.length; held.shift()) {
    while (coming) await coming;
    const [event] = held;
    const dialog = document.querySelector("dialog[open]");
    try {
      // What opened meanwhile is what the key was for.
      if (dialog) dialog.dispatchEvent(new KeyboardEvent("keydown", { key: event.key }));
      else hear(event);
    } catch (error) {
      // Told as any other error, without losing the keys after it.
      reportError(error);
    }
  }
}

function hear(event) {
  if (document.querySelector("dialog[open]") || isElsewhere({ key: event.key, target: document.activeElement })) return;
  const onWords = commandOf(event, "words");
  // What is selected elsewhere on the page is no story: say so, and do nothing else.
  const astray = !adding?.isOpen && TAGGING.includes(onWords?.command) && !getSelection().isCollapsed;
  const found = adding?.isOpen || astray ? (onWords ?? commandOf(event)) : commandOf(event);
  if (!found) return;
  event.preventDefault();
  if (found !== onWords) run(found);
  else if (astray) withAdding((one) => one.explain());
  else adding.run(found.command, found.key, event.shiftKey);
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-command]");
  if (pressed) return run({ command: pressed.dataset.command, key: pressed.dataset.key });
  const row = event.target.closest("#list [data-id]");
  if (!row) return undefined;
  event.preventDefault();
  const act = event.target.closest("button[name=do]")?.value.split(":")[0];
  if (act) acts.decideOn(row.dataset.id, act);
  else goTo(row.dataset.id);
  return undefined;
});

root.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const here = [];
  for (let at = event.target.closest("mark"); at; at = at.parentElement.closest("mark")) here.push(at.dataset.id);
  if (event.shiftKey && tied(here)) return;
  if (here.length) goTo(here.includes(current) ? nextAt(here, current) : here[0], { focus: false });
});

// Otherwise Shift would select the words up to there.
root.addEventListener("mousedown", (event) => {
  const kinds = `${currentOne()?.kind} ${event.target.closest("mark")?.className}`;
  if (event.shiftKey && /^claim .*tag-source|^source .*tag-claim/.test(kinds)) event.preventDefault();
});

/** Shift and a click on a source tie the current claim to it, or the other way round. */
function tied(here) {
  const one = currentOne();
  const other = here.map((id) => store.get(id)).find(({ kind }) => [one?.kind, kind].sort().join() === "claim,source");
  if (other) one.kind === "claim" ? acts.tie(one, other) : acts.tie(other, one);
  return Boolean(other);
}

root.addEventListener("focusin", (event) => {
  const id = event.target.dataset.id;
  if (id && id !== current) goTo(id);
});

let following = null;
document.addEventListener("selectionchange", () => {
  clearTimeout(following);
  if (!adding && getSelection().isCollapsed) return;
  following = setTimeout(() => withAdding((one) => one.follow()), adding?.selected.byKeys ? 0 : 120);
});
root.addEventListener("pointerdown", () => adding && (adding.selected.exact = false));
root.addEventListener("pointerup", (event) => event.altKey && withAdding((one) => one.exactly()));
addEventListener("resize", () => adding?.isOpen && adding.follow());
addEventListener("scroll", () => adding?.isOpen && adding.follow(), { passive: true, capture: true });

for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
panel.count();
sifting.show();
showCaps();
document.documentElement.dataset.annotator = "ready";

/** Listen to the others; where that cannot be fetched now, it is tried again. */
async function listen() {
  try {
    const { colleagues } = await import("./colleagues.js");
    tellWhere = colleagues({
      state, store, notices, network, tab, root, goTo,
      taken: () => current || card.show(null),
      read: (found) => reading.show(found),
    });
    tellWhere(current);
  } catch {
    setTimeout(listen, 5000);
  }
}
listen();
// There when it is needed, also if the network is not.
afterPaint(() => setTimeout(() => Promise.all([withAdding(), withChoices()]), 1000));
import("./hint.js").then(({ hints }) => hints({ root, ...shared }), () => {});
