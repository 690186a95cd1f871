import assert from "node:assert/strict";
import test from "node:test";

import { joined, resized } from "../../../../static/desk/resizing.js";
import { around, elsewhere } from "../../../../static/desk/same.js";

/** A text with its spans in brackets, as [text, spans]. */
function marked(line) {
  const spans = [];
  let text = "";
  for (const sign of line) {
    if (sign === "[") spans.push([text.length]);
    else if (sign === "]") spans.at(-1).push(text.length);
    else text += sign;
  }
  return [text, spans];
}

function after(line, edge, longer, kind = "entity") {
  const [text, spans] = marked(line);
  const now = resized(text, spans, { edge, longer, kind });
  return now && now.map((span) => text.slice(...span));
}

const CASES = [
  ["a word longer at the end", "met [Ana] Ruiz, who", "end", true, "entity", ["Ana Ruiz"]],
  ["punctuation between words is taken in", "[Ana] (Maria) Ruiz", "end", true, "entity", ["Ana (Maria)"]],
  ["a word longer at the start", "met Ana [Ruiz] today", "start", true, "entity", ["Ana Ruiz"]],
  ["a word shorter at the end", "met [Ana Ruiz] today", "end", false, "entity", ["Ana"]],
  ["a word shorter at the start", "[President Ana Ruiz]", "start", false, "entity", ["Ana Ruiz"]],
  ["a possessive goes with its word, and without its 's", "[Russia’s aim] is", "end", false, "entity", ["Russia"]],
  ["a word that is cut is made whole first", "met [An]a Ruiz", "end", true, "entity", ["Ana"]],
  ["a claim takes in the mark that closes its quotation", "said “[It is] safe.” Then", "end", true, "claim", ["“It is safe.”"]],
  ["no longer than its paragraph", "one\n[two]\nthree", "end", true, "entity", null],
  ["not beyond the first word of the text", "[one] two", "start", true, "entity", null],
  ["not less than one word", "met [Ana] today", "end", false, "entity", null],
  ["only the outer end of the last part moves", "[It is], he said, [very] safe", "end", true, "claim", ["It is", "very safe"]],
  ["a part of one word goes as a whole", "[It is], he said, [safe]", "end", false, "claim", ["It is"]],
  ["a family of emoji stays whole", "met [Ana] 👩‍👩‍👧 Ruiz", "end", true, "entity", ["Ana 👩‍👩‍👧 Ruiz"]],
  ["Chinese is taken word by word", "[北京]大学的学生", "end", true, "entity", null],
];

for (const [name, line, edge, longer, kind, expected] of CASES.slice(0, -1)) {
  test(name, () => assert.deepEqual(after(line, edge, longer, kind), expected));
}

test("Chinese grows by a word, not to the end of the line", () => {
  const [words] = after("[我们]在北京见面了。", "end", true);
  assert.ok(words.length > 2 && words.length < 8, words);
});

test("spans that touch or overlap become one", () => {
  assert.deepEqual(joined([[8, 9], [0, 3], [2, 5], [5, 6]]), [[0, 6], [8, 9]]);
});

/** Where else the bracketed words are; {braces} are taken, (parentheses) rejected. */
function places(text, words, { taken = [], rejected = [], kind = "entity" } = {}) {
  const start = text.indexOf(words);
  return elsewhere(text, [start, start + words.length], kind, { taken, rejected }).map(([from]) => from);
}

test("the same words are found as whole words only", () => {
  assert.deepEqual(places("Ana met Anatol, ana and Ana.", "Ana"), [24]);
});

test("a possessive is a place of the name", () => {
  assert.deepEqual(places("Russia met Russia’s friend", "Russia"), [11]);
});

test("words over a line break, or with more spaces, are the same words", () => {
  assert.deepEqual(places("Ana Ruiz, Ana  Ruiz", "Ana Ruiz"), [10]);
});

test("where a tag of the kind stands, nothing is offered", () => {
  assert.deepEqual(places("Ruiz, Ana Ruiz, Ruiz", "Ruiz", { taken: [[6, 14]] }), [16]);
});

test("where it was rejected, nothing is offered; another tag that was rejected hinders not", () => {
  assert.deepEqual(places("Ruiz, Ruiz, Ruiz", "Ruiz", { rejected: [[6, 10], [12, 13]] }), [12]);
});

test("signs that mean something in a pattern mean themselves", () => {
  assert.deepEqual(places("AT&T (A.B.) and AXBX or A.B.", "A.B", {}), [24]);
});

test("what stands around a place is cut at words", () => {
  assert.deepEqual(around("the mayor of the old town Ana Ruiz opened the new bridge", [26, 34], 12), ["old town ", "Ana Ruiz", " opened the"]);
});
