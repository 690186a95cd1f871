/**
 * The side list: the server's rows, kept as the annotations are now. A row moves between the
 * groups "to decide", "accepted" and "rejected", and stands there as the cursor walks.
 */

import { make } from "./elements.js";
import { counted, KINDS, short, speakersOf } from "./names.js";
import { tally } from "./walk.js";

// Rows stand in lists of about so many: a long list that is out of sight costs nothing.
const MANY = 50;

export class Panel {
  #rows = new Map();

  /** Of each status: where its lists are, the ids in them in order, and where its number stands. */
  #groups = {};

  /** The group that each row is in. */
  #homes = new Map();

  #left = [...document.querySelectorAll("[data-left]")];
  #current = null;

  /** @param {{element: HTMLElement, store, names, offsets, walk, text: string}} parts */
  constructor(parts) {
    Object.assign(this, parts);
    for (const row of this.element.querySelectorAll("[data-id]")) this.#rows.set(row.dataset.id, row);
    for (const group of this.element.querySelectorAll(".group")) {
      const home = {
        lists: group.querySelector("[data-lists]"),
        ids: [...group.querySelectorAll("[data-id]")].map((row) => row.dataset.id),
        number: group.querySelector("[data-count]"),
        empty: group.querySelector("[data-empty]"),
      };
      this.#groups[group.dataset.status] = home;
      for (const id of home.ids) this.#homes.set(id, home);
    }
  }

  /** Show how these are now, and the counts. */
  update(ids) {
    const touched = new Set(ids);
    for (const id of ids) {
      const tie = this.store.peek(id);
      if (tie?.subject === "tie") touched.add(tie.claim);
      else for (const one of this.store.tiesOf(id)) touched.add(one.claim);
    }
    // What is gone goes first: places are looked for among those that are there.
    for (const id of touched) if (!this.store.get(id)) this.#remove(id);
    for (const id of touched) this.#place(id);
    this.count();
  }

  /** Show what is not sifted out, in the order of the walk. */
  sift() {
    const all = [...this.store.annotations()].sort(this.walk.order);
    for (const [status, group] of Object.entries(this.#groups)) {
      const ones = all.filter((one) => one.status === status);
      for (const one of ones) this.#rows.get(one.id).classList.toggle("is-out", !this.walk.shows(one));
      group.ids = ones.map((one) => one.id);
      const rows = group.ids.map((id) => this.#rows.get(id));
      const starts = rows.map((_, index) => index).filter((index) => index % MANY === 0);
      group.lists.replaceChildren(...starts.map((start) => listOf(rows.slice(start, start + MANY))));
    }
    this.count();
    this.reveal();
  }

  /** Mark the row of the current tag. */
  setCurrent(id) {
    this.#rows.get(this.#current)?.removeAttribute("aria-current");
    this.#current = id;
    this.#rows.get(id)?.setAttribute("aria-current", "true");
  }

  /** Bring the current row into view, within the list's own scroll: the page must not jump. */
  reveal() {
    const row = this.#rows.get(this.#current);
    const list = this.element;
    if (!row || list.scrollHeight <= list.clientHeight + 1) return;
    const above = row.offsetTop - list.offsetTop;
    if (above < list.scrollTop || above + row.offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = above - list.clientHeight / 3;
    }
  }

  /** The counts of what is left, by kind and confidence, and of what is shown in each group. */
  count() {
    const { left, shown } = tally(this.walk);
    for (const place of this.#left) write(place, left[place.dataset.left]);
    for (const [status, { ids, number, empty }] of Object.entries(this.#groups)) {
      write(number, shown[status] < ids.length ? `${shown[status]} of ${ids.length}` : ids.length);
      empty.hidden = ids.length > 0;
    }
  }

  #remove(id) {
    this.#leave(id);
    takeOut(this.#rows.get(id));
    this.#rows.delete(id);
  }

  #leave(id) {
    const ids = this.#homes.get(id)?.ids;
    if (ids) ids.splice(ids.indexOf(id), 1);
    this.#homes.delete(id);
  }

  #place(id) {
    const one = this.store.get(id);
    if (one?.subject !== "annotation") return;
    const old = this.#rows.get(id);
    const row = this.#draw(one);
    this.#rows.set(id, row);
    const home = this.#groups[one.status];
    if (old && this.#homes.get(id) === home && this.#fits(one, home.ids)) old.replaceWith(row);
    else {
      this.#leave(id);
      takeOut(old);
      this.#insert(one, row, home);
    }
    if (id === this.#current) row.setAttribute("aria-current", "true");
  }

  /** Whether it stands among the ids where its place in the text says. */
  #fits(one, ids) {
    const here = ids.indexOf(one.id);
    const [before, after] = [ids[here - 1], ids[here + 1]].map((id) => id && this.store.peek(id));
    const { order } = this.walk;
    return !(before && order(before, one) > 0) && !(after && order(one, after) > 0);
  }

  #insert(one, row, home) {
    const { lists, ids } = home;
    const { order } = this.walk;
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(this.store.peek(ids[middle]), one) < 0) low = middle + 1;
      else high = middle;
    }
    putIn(row, lists, this.#rows.get(ids[low]));
    ids.splice(low, 0, one.id);
    this.#homes.set(one.id, home);
  }

  #draw(one) {
    const spans = this.offsets.spansToUnits(one.spans);
    const words = short(spans.map(([start, end]) => this.text.slice(start, end)).join(" … "), 110);
    const acts = one.status === "suggested" ? ["accept", "reject"] : ["reopen"];
    return make(
      "li",
      {
        class: `item item-${one.kind}${this.walk.shows(one) ? "" : " is-out"}`,
        id: `item-${one.id}`,
        "data-id": one.id,
        "data-kind": one.kind,
      },
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
    const sources = speakersOf(this.store, one);
    return sources.length ? `${KINDS.claim} · said by ${sources.join(", ")}` : `${KINDS.claim} · no source`;
  }
}

const listOf = (rows) => make("ul", { class: rows.length < MANY ? "items" : "items is-long" }, ...rows);

/** Put a row before another one, or at the end, into a list that stays short. */
function putIn(row, lists, next) {
  if (next) next.before(row);
  else if (lists.lastElementChild?.childElementCount < MANY) lists.lastElementChild.append(row);
  else lists.append(listOf([row]));
  const list = row.parentElement;
  if (list.childElementCount === MANY) list.classList.add("is-long");
  if (list.childElementCount > 2 * MANY) list.after(listOf([...list.children].slice(MANY)));
}

function takeOut(row) {
  const list = row?.parentElement;
  row?.remove();
  if (list && !list.childElementCount) list.remove();
}

function write(place, words) {
  if (place.textContent !== String(words)) place.textContent = words;
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
