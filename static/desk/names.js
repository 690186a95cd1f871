/** What things are called, in words: for labels, the list and announcements. Pure. */

export const KINDS = { entity: "Entity", claim: "Claim", source: "Source" };
export const PLURALS = { entity: "entities", claim: "claims", source: "sources" };

/** How sure the machine is, in three bands, and from which confidence on. */
export const BANDS = { sure: 0.85, likely: 0.6, unsure: 0 };

/** The band of a confidence; that of a tag which a person made is "sure". */
export function bandOf(confidence) {
  const sure = confidence ?? 1;
  return Object.keys(BANDS).find((band) => sure >= BANDS[band]);
}

export class Names {
  /** @param {[string, string][]} entityTypes @param {[string, string][]} sourceKinds */
  constructor(entityTypes, sourceKinds) {
    this.types = { entity: entityTypes, source: sourceKinds, claim: [] };
  }

  /** "Person"; empty for a claim. */
  type(one) {
    return this.types[one.kind].find(([value]) => value === one.type)?.[1] ?? "";
  }

  /** "Entity, person, suggested", or "Claim, accepted, said by the ministry", where `speakers`
   * are who makes it: as newsdesk/desk/marking.py says it. */
  label(one, speakers = []) {
    const said = speakers.length && one.kind === "claim" ? `said by ${speakers.join(" and ")}` : "";
    return [KINDS[one.kind], this.type(one).toLowerCase(), one.status, said].filter(Boolean).join(", ");
  }

  /** The value of the type that a digit names; undefined where there is none. */
  typeOfDigit(kind, digit) {
    return this.types[kind][Number(digit) - 1]?.[0];
  }
}

/** Who makes a claim, by its ties: their names. */
export function speakersOf(store, claim) {
  const speaker = (tie) => (tie.source ? store.get(tie.source).name : tie.by_outlet ? "the outlet itself" : "nobody named");
  return store.tiesOf(claim.id).map(speaker);
}

/** "1 claim", "3 claims". */
export function counted(number, kind) {
  return `${number} ${number === 1 ? kind : PLURALS[kind]}`;
}

/** Words cut to what fits a line. */
export function short(words, most = 60) {
  const line = words.replace(/\s+/g, " ");
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
