/**
 * The card of the current tag: what it is, how sure and why, and what can be done with it.
 *
 * Buttons carry `data-command` (and `data-key`), the same commands that keys give.
 */

import { button, make } from "./elements.js";
import { keyOf, written } from "./keys.js";
import { KINDS, short } from "./names.js";

const STATUS = { suggested: "to decide", accepted: "accepted", rejected: "rejected" };

export class Card {
  #id = null;
  #open = null;

  /** What was said before, asked for once. */
  #said = new Map();

  /**
   * @param {{element: HTMLElement, store, names, offsets, text: string, things: object,
   *   saidBefore: (id: string) => Promise<object[]>}} parts `things` has, by kind, where the desk
   *   keeps what is tagged
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Show an annotation; a part that is open stays while it is the same one. */
  show(id) {
    if (id !== this.#id) this.#open = null;
    this.#id = id;
    const one = id && this.store.get(id);
    if (!one) return this.element.replaceChildren(this.#hint());
    if (this.#open) return undefined;
    this.element.className = `card card-${one.kind} is-${one.status}`;
    this.element.replaceChildren(
      ...[this.#head(one), this.#about(one), this.#types(one), this.#acts(one), this.#more(one), this.#why(one)].filter(Boolean),
    );
    return undefined;
  }

  /** Draw it again if it shows one of these. */
  update(ids) {
    const ties = this.#id ? this.store.tiesOf(this.#id) : [];
    const shows = [this.#id, ...ties.flatMap((tie) => [tie.id, tie.claim, tie.source])];
    if (shows.some((id) => ids.has(id)) || !this.store.get(this.#id)) this.show(this.#id);
  }

  /** Open a chooser or field in place of the name. */
  open(element) {
    this.#open = element;
    this.element.querySelector(".card-about")?.replaceChildren(element);
  }

  /** Close what is open; whether something was. */
  close() {
    const was = this.#open !== null;
    this.#open = null;
    this.show(this.#id);
    return was;
  }

  #hint() {
    this.element.className = "card card-empty";
    const cap = (command) => make("kbd", {}, written(keyOf(command) ?? ""));
    const keys = make("span", { class: "by-keys" }, "Press ", cap("next"), " to go to the first tag, ", cap("help"), " for all keys. ");
    return make("p", {}, keys, "Choose a tag, or select words in the text.");
  }

  #head(one) {
    const words = one.spans.map((span) => {
      const [[start, end]] = this.offsets.spansToUnits([span]);
      return this.text.slice(start, end);
    });
    const sure = one.confidence === null ? null : `${Math.round(one.confidence * 100)} % sure`;
    return make(
      "div",
      { class: "card-head" },
      make(
        "p",
        { class: "card-kind" },
        make("strong", { class: `kind kind-${one.kind}` }, KINDS[one.kind]),
        make("span", { class: "card-status" }, STATUS[one.status]),
        sure ? make("span", { class: "quiet" }, sure) : null,
      ),
      make("p", { class: "card-words" }, `“${short(words.join(" … "), 160)}”`),
    );
  }

  #about(one) {
    const about = { entity: this.#entity, source: this.#source, claim: this.#claim }[one.kind];
    return make("div", { class: "card-about" }, ...about.call(this, one));
  }

  #entity(one) {
    const edit = button("Attach", { command: "attach", class: "small-button" });
    return [make("p", { class: "card-name" }, this.#named(one)), edit];
  }

  #source(one) {
    const said = this.store.tiesOf(one.id).map((tie) => this.store.get(tie.claim));
    const claims = said.map((claim) => make("li", {}, this.#goto(claim)));
    return [
      ...this.#entity(one),
      claims.length
        ? make("div", { class: "card-ties" }, make("p", { class: "quiet" }, "Says:"), make("ul", {}, ...claims))
        : make("p", { class: "quiet" }, "No claim is tied to it yet."),
      ...(one.type === "unnamed" ? this.#unnamed(one) : []),
    ];
  }

  #unnamed(one) {
    const { affiliation, unnamed_reason: reason } = one.proposal ?? {};
    const known = [affiliation && `Speaks for: ${affiliation}.`, reason && `Not named because: ${reason}`];
    return [
      make("p", { class: "card-ties" }, known.filter(Boolean).join(" ") || "Whom it speaks for is not said."),
      button("Say more", { command: "describe", class: "small-button" }),
    ];
  }

  #claim(one) {
    const ties = this.store.tiesOf(one.id);
    return [
      make("p", { class: "card-name" }, this.#named(one)),
      button("Edit sentence", { command: "sentence", class: "small-button" }),
      make("div", { class: "card-ties" }, ...ties.map((tie) => this.#tie(tie))),
      ties.length ? null : make("p", { class: "quiet" }, "Nobody is named as its source."),
      button(ties.length ? "Change source" : "Tie to a source", { command: "tie", class: "small-button" }),
      one.proposal?.said_before && !this.#isSame(one) ? this.#before(one) : null,
    ].filter(Boolean);
  }

  /** Whether it is one of the claims that it was matched with. */
  #isSame(one) {
    return one.status === "accepted" && one.proposal.said_before.some(({ claim }) => claim === one.body?.id);
  }

  /** The claims that it was matched with, the likest first, once the answer is there. */
  async saidOf(id) {
    return (await this.#said.get(id)) ?? [];
  }

  /** "Said before", filled in once the answer is there. */
  #before(one) {
    const place = make("div", { class: "card-ties", "data-said-before": one.id });
    if (!this.#said.has(one.id)) this.#said.set(one.id, this.saidBefore(one.id));
    this.#said.get(one.id).then((said) => {
      if (!said.length) return;
      const claims = said.map(({ id, text, href, stories }, index) =>
        make(
          "li",
          {},
          make("a", { href }, text),
          ...stories.flatMap((story) => [" · ", make("a", { href: story.href }, story.title), ` (${story.date})`]),
          " ",
          button("The same", { command: "same", "data-key": id, class: "small-button", ...(index ? { key: false } : {}) }),
        ),
      );
      place.replaceChildren(make("p", { class: "quiet" }, "Said before:"), make("ul", {}, ...claims));
    });
    return place;
  }

  #tie(tie) {
    const cue = this.offsets.spansToUnits(tie.cue).map(([start, end]) => this.text.slice(start, end));
    const source = tie.source && this.store.get(tie.source);
    return make(
      "p",
      { class: `tie is-${tie.status}` },
      make("span", { class: "quiet" }, "Source: "),
      source ? this.#goto(source) : tie.by_outlet ? "the outlet itself" : "not named",
      cue.length ? make("span", { class: "cue" }, ` “${cue.join(" … ")}”`) : null,
    );
  }

  #named(one) {
    if (one.body) return make("a", { href: this.things[one.kind].replace("/0/", `/${one.body.id}/`) }, one.name);
    return one.name || "";
  }

  #goto(one) {
    return make("button", { type: "button", class: "link-button", "data-command": "go", "data-key": one.id }, short(one.name, 90));
  }

  #types(one) {
    const types = this.names.types[one.kind];
    if (!types.length) return null;
    const label = one.kind === "source" ? "Kind of source" : "Type";
    return make(
      "div",
      { class: "card-types", role: "group", "aria-label": label },
      ...types.map(([value, name], index) =>
        button(name, {
          key: String(index + 1),
          command: "type",
          "data-key": String(index + 1),
          "aria-pressed": String(value === one.type),
        }),
      ),
    );
  }

  #acts(one) {
    const decided = one.status !== "suggested";
    const made = one.creator && !one.suggester;
    return make(
      "div",
      { class: "card-acts" },
      one.status === "accepted" ? null : button("Accept", { command: "accept", class: "act-accept" }),
      one.status === "rejected" || made ? null : button("Reject", { command: "reject", class: "act-reject" }),
      decided && !made ? button("Take back", { command: "takeBack" }) : null,
      made ? button("Remove", { command: "remove" }) : null,
      button("Next", { command: "skip" }),
    );
  }

  /** By touch and mouse what keys do besides: other ends, and all places at once. */
  #more(one) {
    const end = (sign, name, command) =>
      button(sign, { command, key: false, class: "small-button", "aria-label": name, title: name });
    return make(
      "div",
      { class: "card-more" },
      make(
        "span",
        { role: "group", "aria-label": "The tag’s words" },
        end("⇤", "Longer by a word at the start", "startOut"),
        end("⇥", "Shorter by a word at the start", "startIn"),
        end("←", "Shorter by a word at the end", "endIn"),
        end("→", "Longer by a word at the end", "endOut"),
      ),
      one.kind === "entity" && one.status !== "rejected" ? button("Every place", { command: "acceptPlaces", class: "small-button" }) : null,
    );
  }

  #why(one) {
    const who = one.suggester ? `Suggested by ${one.suggester}` : `Added by ${one.creator ?? "somebody"}`;
    return make("p", { class: "card-why quiet" }, one.reason ? `${who}: ${one.reason}` : who);
  }
}
