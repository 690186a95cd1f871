/**
 * Decisions as `{request, seems}`, and what takes each of them back. Pure.
 */

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
    request: { action: "tie", claim, source, ...cue, ...how },
    seems: { id, claim, source, cue: kept.cue ?? [], status: "accepted", ...how },
  };
}

export const untie = (one) => ({ request: request("untie", one), seems: { status: "rejected" } });

/**
 * What takes a decision back, as a list of decisions: `before` is how the thing stood, `after`
 * how it stands now.
 */
export function inverse({ subject, before, request: done }, after) {
  if (subject === "tie") {
    return done.action === "untie" ? [tie(before.claim, before.source, before.id, before)] : [untie(after)];
  }
  if (done.action === "add") return [remove(after)];
  if (done.action === "delete") return [restore(after)];
  if (done.action === "restore") return [remove(after)];
  const steps = done.action === "change" ? [changedBack(before)] : [];
  const stands = steps.length ? "accepted" : after.status;
  if (before.status === stands) return steps;
  const back = { suggested: reopen, rejected: reject, accepted: accept }[before.status];
  return [...steps, back(after)];
}

function changedBack(before) {
  const about = before.body
    ? { body: before.body.id }
    : { label: before.label || before.name, ...(before.type ? { type: before.type } : {}) };
  return {
    request: request("change", before, { ...about, spans: before.spans }),
    seems: {
      status: "accepted",
      type: before.type,
      name: before.name,
      label: before.label,
      body: before.body,
      spans: before.spans,
    },
  };
}
