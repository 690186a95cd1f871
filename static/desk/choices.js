/** What opens in the card: attaching to an entity, tying to a source, editing a sentence. */

import { Chooser } from "./chooser.js";
import { make } from "./elements.js";
import { short } from "./names.js";

const MOST_SOURCES = 30;
// As annotations/knowledge.py reads it.
const WIKIDATA = /^(?:https?:\/\/(?:www\.|m\.)?wikidata\.org\/(?:wiki|entity)\/)?(q[1-9]\d{0,15})(?:[?#].*)?$/i;

export class Choices {
  /** @param {{acts, card, store, names, offsets, text, network, searchUrl: string, back}} parts */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Which entity it is, or which one speaks. */
  attach(one) {
    this.#choose({
      label: "Search the entities by name",
      value: one.name,
      choices: async (typed, signal) => {
        // What was proposed is for the name as it stands; who types another means another.
        const asked = { typed, type: one.type, id: typed === one.name ? one.id : null };
        const found = await this.network.candidates(this.searchUrl, asked, signal);
        return [...found.map((entity) => this.#entity(entity)), ...this.#fresh(one, typed, found)];
      },
      chosen: ({ entity, label, wikidata }) => {
        if (entity) this.acts.attach(one, entity);
        else if (wikidata) this.acts.identify(one, wikidata);
        else this.acts.rename(one, label);
      },
    });
  }

  /** The claim is one that was made before: the one with the number, else the likest. */
  async same(claim, number) {
    const said = await this.card.saidOf(claim.id);
    const known = said.find(({ id }) => String(id) === String(number)) ?? said[0];
    if (known) this.acts.same(claim, known);
  }

  /** These words, in code points, are the cue of the claim's ties. */
  cue(claim, spans) {
    if (claim?.kind === "claim") this.acts.cue(claim, spans);
  }

  /** Whose claim it is, of the story's sources, the nearest first. */
  tie(claim) {
    const distance = (one) => Math.abs(one.spans[0][0] - claim.spans[0][0]);
    const sources = this.store
      .annotations()
      .filter((one) => one.kind === "source" && one.status !== "rejected")
      .sort((a, b) => distance(a) - distance(b));
    const tied = this.store.tiesOf(claim.id).length > 0;
    this.#choose({
      label: "Whose claim it is: the story’s sources",
      choices: async (typed) => {
        const wanted = typed.toLowerCase();
        const rows = sources
          .filter((one) => one.name.toLowerCase().includes(wanted))
          .slice(0, MOST_SOURCES)
          .map((one) => ({ name: one.name, note: this.#placed(one), source: one }));
        const nobody = { name: "Nobody is named", note: "the text gives no source", source: null };
        const outlet = { name: "The outlet itself", note: "the story says so in its own name", source: null, byOutlet: true };
        return [...rows, nobody, outlet, ...(tied ? [{ name: "Untie", source: undefined }] : [])];
      },
      chosen: ({ source, byOutlet }) => this.acts.tie(claim, source, byOutlet),
    });
  }

  /** The claim in one sentence that stands by itself. */
  sentence(claim) {
    const field = make("textarea", { rows: "3", maxlength: "1000", "aria-label": "The claim in one sentence" }, claim.name);
    const save = make("button", { type: "button", class: "act-accept" }, "Save", make("kbd", { "aria-hidden": "true" }, "↵"));
    const store = () => {
      const sentence = field.value.trim();
      this.#close();
      if (sentence && (sentence !== claim.name || claim.status !== "accepted")) this.acts.sentence(claim, sentence);
    };
    save.addEventListener("click", store);
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Enter") store();
      else this.#close();
    });
    this.card.open(make("div", { class: "sentence" }, field, save));
    field.focus();
    field.select();
  }

  /** Whom an unnamed source speaks for, and why the story does not name it. */
  describe(source) {
    const { affiliation = "", unnamed_reason: reason = "" } = source.proposal ?? {};
    const field = (label, value, most) => make("label", {}, label, make("input", { type: "text", value, maxlength: most }));
    const form = make(
      "form",
      { class: "sentence" },
      field("Speaks for", affiliation, 300),
      field("Not named because", reason, 500),
      make("button", { class: "act-accept" }, "Save"),
    );
    const [whom, why] = form.querySelectorAll("input");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#close();
      this.acts.describe(source, whom.value.trim(), why.value.trim());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#close();
    });
    this.card.open(form);
    whom.focus();
  }

  #choose(ways) {
    const chooser = new Chooser({
      ...ways,
      chosen: (choice) => {
        this.#close();
        ways.chosen(choice);
      },
      left: () => this.#close(),
    });
    this.card.open(chooser.element);
    chooser.begin();
  }

  #close() {
    this.card.close();
    this.back();
  }

  /** The words of a source, which tell two of one name apart. */
  #placed(one) {
    const spans = this.offsets.spansToUnits(one.spans);
    const words = spans.map(([start, end]) => this.text.slice(start, end)).join(" … ");
    return `“${short(words, 50)}” · ${one.status}`;
  }

  #entity(entity) {
    const type = this.names.type({ kind: "entity", type: entity.type });
    const stories = entity.stories ? `${entity.stories} ${entity.stories === 1 ? "story" : "stories"}` : "";
    const alias = entity.alias ? `also “${entity.alias}”` : "";
    const note = [type, entity.description, alias, stories].filter(Boolean).join(" · ");
    return { name: entity.name, note, entity };
  }

  #fresh(one, typed, found) {
    const [, wikidata] = WIKIDATA.exec(typed) ?? [];
    if (wikidata) return found.length ? [] : this.#identified(one, wikidata.toUpperCase());
    if (!typed) return [];
    const type = this.names.type(one).toLowerCase();
    return [{ name: `Create “${typed}”`, note: `a new ${type}`, label: typed }];
  }

  #identified(one, wikidata) {
    if (one.kind !== "entity") return [];
    return [{ name: `Give “${one.name}” the Wikidata id ${wikidata}`, note: "no entity of the desk has it yet", wikidata }];
  }
}
