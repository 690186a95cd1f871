/** Decisions as `{request, seems}`. Pure. */

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

/** Call it by another name (or a claim by another sentence): the thing is found or made. */
export function rename(one, label) {
  return {
    request: request("change", one, { label, ...(one.type ? { type: one.type } : {}) }),
    seems: { status: "accepted", name: label, label, body: null },
  };
}

/** Tag words that no machine tagged. `words` is what they say, `spans` in code points. */
export function add({ id, kind, type, spans, words, revision, me }) {
  const body = { kind, spans, ...(type ? { type } : {}) };
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
  return {
    request: { action: "tie", id, claim, source, ...cue, ...how },
    seems: { id, claim, source, cue: kept.cue ?? [], status: "accepted", ...how },
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
