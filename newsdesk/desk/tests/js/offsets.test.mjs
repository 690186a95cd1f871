import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Offsets } from "../../../../static/desk/offsets.js";
import { cut } from "../../../../static/desk/segments.js";

const cases = JSON.parse(readFileSync(new URL("../offset_cases.json", import.meta.url), "utf-8"));

for (const { name, text, spans, words } of cases.offsets) {
  test(`spans in code points become the same words: ${name}`, () => {
    const units = new Offsets(text).spansToUnits(spans);
    assert.deepEqual(units.map(([start, end]) => text.slice(start, end)), words);
  });

  test(`spans come back as they were: ${name}`, () => {
    const offsets = new Offsets(text);
    assert.deepEqual(offsets.spansToPoints(offsets.spansToUnits(spans)), spans);
  });

  test(`every code point is found at its unit: ${name}`, () => {
    const offsets = new Offsets(text);
    const points = [...text];
    assert.equal(offsets.points, points.length);
    let unit = 0;
    points.forEach((point, index) => {
      assert.equal(offsets.toUnits(index), unit);
      assert.equal(offsets.toPoints(unit), index);
      unit += point.length;
    });
    assert.equal(offsets.toUnits(points.length), text.length);
    assert.equal(offsets.toPoints(text.length), points.length);
  });
}

test("a unit in the middle of a pair belongs to its code point", () => {
  assert.equal(new Offsets("a😀b").toPoints(2), 1);
});

test("a lone surrogate counts as one code point", () => {
  assert.equal(new Offsets("\ud83d a").points, 3);
});

for (const { name, text, marks, paragraphs } of cases.segments) {
  test(`segments are cut as in Python: ${name}`, () => {
    const offsets = new Offsets(text);
    const inUnits = Object.entries(marks).map(([mark, spans]) => [mark, offsets.spansToUnits(spans)]);
    let place = 0;
    const found = paragraphs.map((pieces) => {
      const words = pieces.map(([piece]) => piece).join("");
      const start = text.indexOf(words, place);
      place = start + words.length;
      return cut(text, start, place, inUnits).map((segment) => [segment.text, segment.marks.join("")]);
    });
    assert.deepEqual(found, paragraphs);
  });
}
