import assert from "node:assert/strict";
import { test } from "node:test";

import { wordsOf } from "../../../../static/desk/hint.js";
import { Names } from "../../../../static/desk/names.js";

const names = new Names([["person", "Person"]], []);
const suggested = {
  kind: "entity", type: "person", status: "suggested", name: "Ana Ruiz",
  confidence: 0.934, suggester: "dictionary 1", reason: "known as “Ruiz”", creator: null,
};

test("a suggestion says what it is, how sure, by whom and why", () => {
  assert.equal(
    wordsOf(suggested, names, []),
    "Entity, person, suggested: Ana Ruiz\n93 % sure, by dictionary 1: known as “Ruiz”",
  );
});

test("a tag of a person says who made it", () => {
  const one = { ...suggested, status: "accepted", confidence: null, suggester: null, creator: "ada" };
  assert.equal(wordsOf(one, names, []), "Entity, person, accepted: Ana Ruiz\nadded by ada");
});

test("a claim says who makes it", () => {
  const one = { ...suggested, kind: "claim", type: "", name: "It is safe." };
  assert.match(wordsOf(one, names, ["the ministry"]), /^Claim, suggested, said by the ministry: It is safe\./);
});
