/**
 * The side list: the server's rows, kept as the annotations are now. A row moves between the
 * groups "to decide", "accepted" and "rejected", in the order of the text.
 */

import { make } from "./elements.js";
import { counted, KINDS, short } from "./names.js";

export class Panel {
  #rows = new Map();
  #current = null;

  /** @param {{element: HTMLElement, store, names, offsets, text: string}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    for (const row of this.element.querySelectorAll("[data-id]")) this.#rows.set(row.dataset.id, row);
    this.#filter();
  }

  /** Show how these are now, and the counts. */
  update(ids) {
    const touched = new Set(ids);
    for (const id of ids) {
      const tie = this.store.peek(id);
      if (tie?.subject === "tie") touched.add(tie.claim);
      else for (const one of this.store.tiesOf(id)) touched.add(one.claim);
    }
    for (const id of touched) this.#place(id);
    this.count();
  }

  /** Mark the row of the current tag. */
  setCurrent(id) {
    this.#rows.get(this.#current)?.removeAttribute("aria-current");
    this.#current = id;
    const row = this.#rows.get(id);
    row?.setAttribute("aria-current", "true");
    // Only within the list's own scroll: the page's must not jump.
    const list = this.element;
    if (row && list.scrollHeight > list.clientHeight + 1) {
      const above = row.offsetTop - list.offsetTop;
      if (above < list.scrollTop || above + row.offsetHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = above - list.clientHeight / 3;
      }
    }
  }

  /** The counts of what is left, by kind and in each group. */
  count() {
    const left = this.store.left();
    for (const [kind, number] of Object.entries(left)) {
      for (const place of document.querySelectorAll(`[data-left=${kind}]`)) place.textContent = number;
    }
    for (const group of this.element.querySelectorAll("[data-status]")) {
      const rows = group.querySelectorAll("[data-id]").length;
      group.querySelector("[data-count]").textContent = rows;
      group.querySelector("[data-empty]").hidden = rows > 0;
    }
  }

  #place(id) {
    const one = this.store.get(id);
    const old = this.#rows.get(id);
    if (!one || one.subject !== "annotation") {
      if (one === undefined) old?.remove();
      if (one === undefined) this.#rows.delete(id);
      return;
    }
    const row = this.#draw(one);
    this.#rows.set(id, row);
    const group = this.element.querySelector(`[data-status=${one.status}] .items`);
    if (old?.parentElement === group) old.replaceWith(row);
    else {
      old?.remove();
      group.insertBefore(row, this.#successor(one));
    }
    if (id === this.#current) row.setAttribute("aria-current", "true");
  }

  /** The row before which an annotation's row comes: that of the next one of its status. */
  #successor(one) {
    const all = this.store.annotations();
    const here = all.findIndex((other) => other.id === one.id);
    const next = all.slice(here + 1).find((other) => other.status === one.status && this.#rows.get(other.id)?.isConnected);
    return next ? this.#rows.get(next.id) : null;
  }

  #draw(one) {
    const spans = this.offsets.spansToUnits(one.spans);
    const words = short(spans.map(([start, end]) => this.text.slice(start, end)).join(" … "), 110);
    const acts = one.status === "suggested" ? ["accept", "reject"] : ["reopen"];
    return make(
      "li",
      { class: `item item-${one.kind}`, id: `item-${one.id}`, "data-id": one.id, "data-kind": one.kind },
      make(
        "a",
        { class: "item-go", href: `#tag-${one.id}` },
        make("span", { class: "item-words" }, words),
        make("span", { class: "item-note" }, this.#note(one)),
      ),
      make("span", { class: "item-acts" }, ...acts.map((act) => actButton(act, one, words))),
    );
  }

  #note(one) {
    if (one.kind !== "claim") return [this.names.type(one), one.name].filter(Boolean).join(" · ");
    const sources = this.store.tiesOf(one.id).map((tie) => this.#speaker(tie));
    return sources.length ? `${KINDS.claim} · said by ${sources.join(", ")}` : `${KINDS.claim} · no source`;
  }

  #speaker(tie) {
    if (tie.source) return this.store.get(tie.source).name;
    return tie.by_outlet ? "the outlet itself" : "nobody named";
  }

  #filter() {
    const filter = document.querySelector("[data-filter]");
    filter?.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-kind-filter]");
      if (!pressed) return;
      const kind = pressed.getAttribute("aria-pressed") === "true" ? "" : pressed.dataset.kindFilter;
      this.element.dataset.only = kind;
      for (const one of filter.querySelectorAll("[data-kind-filter]")) {
        one.setAttribute("aria-pressed", String(one.dataset.kindFilter === kind));
      }
    });
  }
}

const ACTS = { accept: ["✓", "Accept"], reject: ["✕", "Reject"], reopen: ["↶", "Take back"] };

function actButton(act, one, words) {
  const [sign, name] = ACTS[act];
  return make(
    "button",
    {
      type: "submit",
      name: "do",
      value: `${act}:${one.id}:${one.version ?? 0}`,
      class: `item-act act-${act}`,
      "aria-label": `${name}: ${words}`,
      title: name,
    },
    sign,
  );
}

/** "12 entities, 5 claims, 6 sources left"; "nothing left to decide". */
export function leftInWords(left) {
  const parts = Object.entries(left)
    .filter(([, number]) => number)
    .map(([kind, number]) => counted(number, kind));
  return parts.length ? `${parts.join(", ")} left` : "nothing left to decide";
}
