import assert from "node:assert/strict";
import test from "node:test";

import { meant, sentenceEnd, sentenceWord, wordFrom, wordUpTo } from "../../../../static/desk/words.js";

/** The words that a selection means: `[` and `]` in `marked` are its ends. */
function tagged(marked, kind) {
  const start = marked.indexOf("[");
  const end = marked.indexOf("]") - 1;
  const text = marked.replace("[", "").replace("]", "");
  const span = meant(text, start, end, kind);
  return span && text.slice(...span);
}

const CASES = [
  ["a part of a word becomes the word", "Vladi[mir Pu]tin met", "entity", "Vladimir Putin"],
  ["spaces around are left out", "met[ Putin ]in", "entity", "Putin"],
  ["a space before the next word does not take it in", "[Putin ]met", "entity", "Putin"],
  ["commas and quotation marks are left out", "the [“Kremlin,”] it", "entity", "Kremlin"],
  ["a possessive is no part of a name", "[Russia’s] aim", "entity", "Russia"],
  ["a possessive stays in a source", "[Russia’s ministry,] he", "source", "Russia’s ministry"],
  ["an abbreviation keeps its full stop", "of [Acme Inc.] today", "entity", "Acme Inc."],
  ["a name at the end of a sentence loses the full stop", "in [Astana.]", "entity", "Astana"],
  ["brackets that belong to a name stay", "the [Institute (ISW)].", "source", "Institute (ISW)"],
  ["brackets around a name go", "of War [(ISW)].", "entity", "ISW"],
  ["a hyphenated name keeps its hyphen", "[Kassym-Jo]mart T", "entity", "Kassym-Jomart"],
  ["a claim keeps its quotation marks", "said [“It is safe.”] Then", "claim", "“It is safe.”"],
  ["a claim loses its full stop", "[The bridge is safe.]", "claim", "The bridge is safe"],
  ["a claim loses the comma after it", "[the bridge is safe,] he", "claim", "the bridge is safe"],
  ["a claim loses a leading comma", "He said[, the bridge is safe.]", "claim", "the bridge is safe"],
  ["decomposed accents stay together", "x [Jose]\u0301 y", "entity", "Jose\u0301"],
  ["a family of emoji is not cut", "x [👩‍👩]‍👧 y", "entity", "👩‍👩‍👧"],
  ["double spaces inside stay", "[Ana  Ru]iz", "entity", "Ana  Ruiz"],
  ["right to left", "قالت [آن]ا إن", "entity", "آنا"],
  ["words do not reach over a line", "one\n[tw]o\nthree", "entity", "two"],
  ["a number with a sign keeps it", "by [5%] in", "entity", "5%"],
];

for (const [name, marked, kind, expected] of CASES) {
  test(name, () => assert.equal(tagged(marked, kind), expected));
}

const CLAIMS = [
  ["a mark that opens brings the one that closes", "said [“It is safe],” he", "“It is safe,”"],
  ["both marks come when they stand on either side", "said “[It is safe],” he", "“It is safe,”"],
  ["straight marks come too", 'said "[It is safe]." He', '"It is safe."'],
  ["the mark of another quotation does not", "“No,” [he said] “never”", "he said"],
  ["a quotation within stays as it is", "[a “new world” order] is", "a “new world” order"],
];

for (const [name, marked, expected] of CLAIMS) {
  test(`of a claim, ${name}`, () => assert.equal(tagged(marked, "claim"), expected));
}

test("what is meant exactly keeps its letters and loses its spaces", () => {
  assert.deepEqual(meant("x natol, y", 1, 8, "entity", true), [2, 8]);
});

for (const nothing of ["a[ ]b", "a[, ]b", "a[ \n ]b", "a[…]b"]) {
  test(`nothing is meant by ${JSON.stringify(nothing)}`, () => {
    assert.equal(tagged(nothing, "entity"), null);
  });
}

const TEXT = "One two.\n\nThree, four. Five";
const word = (span) => span && TEXT.slice(...span);

test("the word after one may be in the next paragraph", () => {
  assert.equal(word(wordFrom(TEXT, 7)), "Three");
});

test("the word before one may be in the paragraph before", () => {
  assert.equal(word(wordUpTo(TEXT, 10)), "two");
});

test("there is no word after the last nor before the first", () => {
  assert.equal(wordFrom(TEXT, TEXT.length), null);
  assert.equal(wordUpTo(TEXT, 0), null);
});

test("sentences are walked by their first words", () => {
  assert.equal(word(sentenceWord(TEXT, 0)), "Three");
  assert.equal(word(sentenceWord(TEXT, 10)), "Five");
  assert.equal(word(sentenceWord(TEXT, 10, true)), "One");
  assert.equal(sentenceWord(TEXT, 0, true), null);
});

test("a selection goes to the end of its sentence, then to that of the next", () => {
  assert.equal(word(sentenceEnd(TEXT, 3)), "two");
  assert.equal(word(sentenceEnd(TEXT, 7)), "four");
  assert.equal(word(sentenceEnd(TEXT, 21)), "Five");
  assert.equal(sentenceEnd(TEXT, TEXT.length), null);
});
