/** The annotator: wires the parts together, and does nothing by itself. */

import { Acts } from "./acts.js";
import { Card } from "./card.js";
import { Choices } from "./choices.js";
import { button, make } from "./elements.js";
import { keySheet } from "./help.js";
import { commandOf, KEYMAP, SELECTION_KEYS, WORD_KEYS } from "./keys.js";
import { Live } from "./live.js";
import { Names } from "./names.js";
import { Network } from "./network.js";
import { Notices } from "./notices.js";
import { Offsets } from "./offsets.js";
import { Painter } from "./paint.js";
import { leftInWords, Panel } from "./panel.js";
import { Ranges } from "./ranges.js";
import { Reading } from "./reading.js";
import { Selected } from "./selection.js";
import { Store } from "./store.js";
import { Toolbar } from "./toolbar.js";
import { neighbour, nextAt, nextOpen } from "./walk.js";

const state = JSON.parse(document.getElementById("annotator-state").textContent);
const root = document.getElementById("text");
const { text, revision, me, urls } = state;

const offsets = new Offsets(text);
const names = new Names(state.entityTypes, state.sourceKinds);
const store = new Store(state);
const ranges = new Ranges(root, offsets);
const shared = { store, names, offsets, text };
const painter = new Painter({ root, ranges, ...shared });
const panel = new Panel({ element: document.getElementById("list"), ...shared });
const card = new Card({
  element: document.getElementById("card"),
  saidBefore: (id) => network.saidBefore(urls.saidBefore.replace(state.anyId, id)),
  ...shared,
});
const notices = new Notices(document.getElementById("notices"));
const selected = new Selected({ text, ranges, offsets });
const sheet = keySheet();

let current = null;
let trouble = null;

function goTo(id, options) {
  current = id;
  painter.setCurrent(id, options);
  panel.setCurrent(id);
  card.show(id);
}

const network = new Network({
  url: urls.decisions,
  cookie: state.csrfCookie,
  wire: (decision) => store.wire(decision),
  done: (decision, answer) => acts.done(decision, answer),
  refused: (decision, status, answer) => acts.refused(decision, status, answer),
  trouble: showTrouble,
});
const acts = new Acts({
  store, network, names, notices, selected, revision, me, goTo, current: () => current,
});
const choices = new Choices({
  acts, card, network, searchUrl: urls.entities, back: () => goTo(current), ...shared,
});
const toolbar = new Toolbar({ selected, names, add: (kind, type) => acts.add(kind, type) });
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
  if (current && !store.get(current)) current = null;
  if (trouble) showTrouble(trouble);
  document.body.dataset.waiting = store.waiting;
});

function showTrouble(kind) {
  if (!kind && !trouble) return;
  trouble = kind;
  const signIn = make("a", { href: urls.signIn, target: "_blank" }, "Sign in");
  const retry = button("Try now", { command: "retry" });
  const waiting = `${store.waiting} ${store.waiting === 1 ? "decision waits" : "decisions wait"}`;
  notices.stand(
    "trouble",
    { offline: `No connection: ${waiting} to be sent.`, "signed-out": `You are signed out: ${waiting}.` }[kind] ?? "",
    kind === "signed-out" ? make("span", {}, signIn, " ", retry) : retry,
  );
}

const commands = {
  ...Object.fromEntries(
    ["accept", "reject", "takeBack", "undo", "type", "remove"].map((name) => [name, (key) => acts[name](key)]),
  ),
  next: () => goTo(neighbour(store.annotations(), current)),
  previous: () => goTo(neighbour(store.annotations(), current, true)),
  skip: () => goTo(nextOpen(store.annotations(), current) ?? current),
  go: (id) => goTo(id),
  attach: () => withCurrent(["entity", "source"], (one) => choices.attach(one)),
  sentence: () => withCurrent(["claim"], (one) => choices.sentence(one)),
  tie: () => withCurrent(["claim"], (one) => choices.tie(one)),
  words: () => {
    const one = current && store.get(current);
    selected.beginAt(one ? offsets.toUnits(one.spans[0][0]) : 0);
  },
  help: () => (sheet.open ? sheet.close() : sheet.showModal()),
  escape: () => card.close(),
  retry: () => network.retry(),
  closeNotice: () => notices.close(),
};

function withCurrent(kinds, act) {
  const one = current && store.get(current);
  if (one && kinds.includes(one.kind)) act(one);
}

function run({ command, key }) {
  commands[command]?.(key);
}

document.addEventListener("keydown", (event) => {
  if (sheet.open) return event.key === "?" ? sheet.close() : undefined;
  const byWords = selected.byKeys && commandOf(event, WORD_KEYS);
  const onWords = toolbar.isOpen && commandOf(event, SELECTION_KEYS);
  const plain = !byWords && !onWords && !event.shiftKey && commandOf(event, KEYMAP);
  const shifted = event.shiftKey && !byWords && !onWords && shiftedCommand(event);
  const found = byWords || onWords || plain || shifted;
  if (!found) return undefined;
  event.preventDefault();
  if (byWords) selected.move(byWords.command, event.shiftKey);
  else if (onWords) toolbar.run(onWords.command, onWords.key);
  else run(found);
  return undefined;
});

/** With Shift only what cannot be typed without it everywhere: digits and the question mark. */
function shiftedCommand(event) {
  const found = commandOf(event, KEYMAP);
  return ["type", "help"].includes(found?.command) ? found : null;
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
  if (selected.units()) return;
  const here = [];
  for (let at = event.target.closest("mark"); at; at = at.parentElement.closest("mark")) here.push(at.dataset.id);
  if (here.length) goTo(here.includes(current) ? nextAt(here, current) : here[0], { focus: false });
});

root.addEventListener("focusin", (event) => {
  const id = event.target.dataset.id;
  if (id && id !== current) goTo(id);
});

let settling = null;
document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  settling = setTimeout(() => {
    if (!selected.units()) selected.byKeys = false;
    toolbar.follow();
  }, selected.byKeys ? 0 : 120);
});
addEventListener("resize", () => toolbar.isOpen && toolbar.follow());
root.closest(".annotator").addEventListener("scroll", () => toolbar.isOpen && toolbar.follow(), true);
addEventListener("scroll", () => toolbar.isOpen && toolbar.follow(), { passive: true });

/** What colleagues and the machine did, taken in together: a reading ends with hundreds. */
let news = { annotation: [], tie: [] };
let taking = null;

function takeIn() {
  taking = null;
  const { annotation, tie } = news;
  news = { annotation: [], tie: [] };
  store.confirm("annotation", annotation);
  store.confirm("tie", tie);
  if (!current) card.show(null);
}

const SUBJECTS = { annotation: "annotation", attribution: "tie" };

function hear(change) {
  const subject = SUBJECTS[change.subject_type];
  if (subject) {
    news[subject].push(change.after);
    taking ??= setTimeout(takeIn, 30);
  } else if (change.subject_type === "revision" && change.after.number !== revision) {
    notices.stand("article", "The text was revised: load the page again to go on.", reload());
  } else if (change.subject_type === "article" && change.after.revision === revision) {
    if (change.after.version <= state.version) return;
    const did = { publish: "published", correct: "corrected" }[change.action] ?? "moved";
    notices.stand("article", `${change.actor ?? "Somebody"} ${did} the article.`, reload());
  }
}

const reload = () => make("a", { href: location.pathname }, "Load again");

new Live({
  url: urls.live,
  after: state.seq,
  change: hear,
  // After the changes that came before it, so that the counts are right when it is said.
  run: (found) => found?.revision === revision && setTimeout(() => reading.show(found), 60),
});

for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
document.body.dataset.waiting = 0;
panel.count();
card.show(null);
document.documentElement.dataset.annotator = "ready";
