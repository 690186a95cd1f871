/** Decisions as `{request, seems}`, and the identifiers that go with them. Pure. */

const request = (action, one, more = {}) => ({ action, id: one.id, ...more });

/** Say that it is right; `label` is a claim's sentence where the editor has changed it. */
export function accept(one, label) {
  return {
    request: request("accept", one, label ? { label } : {}),
    seems: { status: "accepted", ...(label ? { name: label, label } : {}) },
  };
}

export const reject = (one) => ({ request: request("reject", one), seems: { status: "rejected" } });

export const reopen = (one) => ({ request: request("reopen", one), seems: { status: "suggested" } });

export const remove = (one) => ({ request: request("delete", one), seems: { deleted: true } });

export const restore = (one) => ({ request: request("restore", one), seems: { deleted: false } });

/** Give it another type: it keeps its name, and is then another thing. */
export function retype(one, type) {
  return {
    request: request("change", one, { type }),
    seems: { status: "accepted", type, body: null },
  };
}

/** Say which entity it is, or which one speaks. `entity` is a candidate of the search. */
export function attach(one, entity) {
  return {
    request: request("change", one, { entity: entity.id }),
    seems: {
      status: "accepted",
      name: entity.name,
      body: { id: entity.id, href: entity.href },
      ...(one.kind === "entity" ? { type: entity.type } : {}),
    },
  };
}

/** Say which thing of Wikidata an entity is. */
export function identify(one, wikidata) {
  return { request: request("change", one, { wikidata }), seems: { status: "accepted" } };
}

/** Say that a claim is one which was made before: `claim` is its id, text and address. */
export function same(one, { id, text, href }) {
  return {
    request: request("change", one, { body: id }),
    seems: { status: "accepted", name: text, label: text, body: { id, href } },
  };
}

/** Say whom an unnamed source speaks for, and why the story does not name it. */
export function describe(one, affiliation, unnamed_reason) {
  return {
    request: request("describe", one, { affiliation, unnamed_reason }),
    seems: { status: "accepted", proposal: { ...one.proposal, affiliation, unnamed_reason } },
  };
}

/** Call it by another name (or a claim by another sentence): the thing is found or made. */
export function rename(one, label) {
  return {
    request: request("change", one, { label, ...(one.type ? { type: one.type } : {}) }),
    seems: { status: "accepted", name: label, label, body: null },
  };
}

/**
 * Put it on other words, with which it is accepted. A name that was just its words follows them,
 * as the server has it too; one that somebody gave it stays.
 */
export function respan(one, spans, was, words) {
  const named = one.kind !== "claim" && one.name === was ? { name: words, label: words, body: null } : {};
  return { request: request("change", one, { spans }), seems: { status: "accepted", spans, ...named } };
}

/**
 * Tag words that no machine tagged. `words` is what they say, `spans` in code points; `about`
 * says what they mean where that is known: a body's id, or a label.
 */
export function add({ id, kind, type, spans, words, revision, me, about = {} }) {
  const body = { kind, spans, ...(type ? { type } : {}), ...about };
  return {
    request: { action: "add", id, revision, ...body },
    seems: {
      id,
      kind,
      spans,
      revision,
      type: type ?? "",
      name: words,
      label: words,
      body: null,
      status: "accepted",
      confidence: null,
      reason: "",
      suggester: null,
      creator: me,
      deleted: false,
    },
  };
}

/** Attribute a claim to a source of the same text, or to nobody (null). */
export function tie(claim, source, id, kept = {}) {
  const cue = kept.cue?.length ? { cue: kept.cue } : {};
  const how = kept.mode ? { manner: kept.manner, mode: kept.mode } : {};
  const outlet = { by_outlet: Boolean(kept.by_outlet) && source === null };
  return {
    request: { action: "tie", id, claim, source, ...cue, ...how, ...outlet },
    seems: { id, claim, source, cue: kept.cue ?? [], status: "accepted", ...how, ...outlet },
  };
}

export const untie = (one) => ({ request: request("untie", one), seems: { status: "rejected" } });

const SHOWN = ["status", "type", "name", "label", "body", "spans", "deleted", "cue", "manner", "mode", "by_outlet"];

/**
 * Put a thing back to how it was before a step: the server knows how that was. `before` is what
 * shows until it says so; null if the step made the thing.
 */
export function revert({ subject, id, before }) {
  const gone = subject === "tie" ? { status: "rejected" } : { deleted: true };
  const seems = before ? Object.fromEntries(SHOWN.filter((name) => name in before).map((name) => [name, before[name]])) : gone;
  return { request: { action: "revert", id, subject }, seems };
}

/** A random UUID; `crypto.randomUUID` is there on secure origins only. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
