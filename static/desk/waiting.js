/**
 * What the server has not answered yet, kept in this browser: by person, article and tab, one item
 * of storage a step. It outlives the tab; the next page of the same story takes it over.
 */

const PREFIX = "newsdesk";
// The second part of a key: steps that wait, and what waits for the editor to choose.
const STEP = "step";
const CHOICE = "choice";

export class Waiting {
  #keys = new Map();
  #held = new Set();
  #count = 0;

  /** The steps that the browser would not keep: closing the page would lose them. */
  unkept = new Set();

  /** @param {{user: string, article: number, title: string, tab: string, storage?: Storage, locks?: LockManager}} ways */
  constructor({ user, article, title, tab, storage = globalThis.localStorage, locks = globalThis.navigator?.locks }) {
    Object.assign(this, { title, tab, storage, locks });
    this.place = (sort) => `${PREFIX}/${sort}/${encodeURIComponent(user)}/${article}/`;
    this.#hold(tab, () => {});
  }

  /** Keep a step; whether the browser did. */
  keep(step) {
    const pairs = step.decisions.map(({ subject, request, seems, version }) => [subject, { request, seems, version }]);
    const { id, undoes, revision } = step;
    const key = `${this.place(STEP)}${this.tab}/${Date.now()}-${String((this.#count += 1)).padStart(6, "0")}`;
    const kept = this.#write(key, { id, undoes, revision, title: this.title, pairs });
    if (kept) this.#keys.set(id, key);
    else this.unkept.add(id);
    return kept;
  }

  /** The server has answered a step. */
  drop(id) {
    this.unkept.delete(id);
    const key = this.#keys.get(id);
    this.#keys.delete(id);
    if (key) this.storage.removeItem(key);
  }

  /** Keep what the editor is to choose about until she has. */
  keepChoice(choice) {
    return this.#write(this.place(CHOICE) + choice.key, { ...choice, title: this.title });
  }

  dropChoice(key) {
    this.storage?.removeItem(this.place(CHOICE) + key);
  }

  /** What is still to be chosen about, the oldest first. */
  choices() {
    return this.#items(this.place(CHOICE)).map(([, item]) => item);
  }

  /** Give the steps of tabs that were closed to `take`, now and as more are closed. */
  adopt(take) {
    const begins = this.place(STEP);
    const look = (key) => {
      const tab = key?.startsWith(begins) && key.slice(begins.length).split("/")[0];
      if (tab && !this.#held.has(tab)) this.#hold(tab, () => this.#take(begins + tab, take));
    };
    for (const key of keysOf(this.storage)) look(key);
    globalThis.addEventListener?.("storage", (event) => event.newValue && look(event.key));
  }

  #take(begins, take) {
    const items = this.#items(`${begins}/`);
    for (const [key, item] of items) this.#keys.set(item.id, key);
    if (items.length) take(items.map(([, item]) => item));
  }

  /** Call back once no other page holds the tab, and hold it from then on. */
  #hold(tab, held) {
    this.#held.add(tab);
    if (!this.locks) return held();
    this.locks.request(`${PREFIX}/${tab}`, () => {
      held();
      return new Promise(() => {});
    }).catch(() => {});
    return undefined;
  }

  #items(begins) {
    const found = [];
    for (const key of keysOf(this.storage).sort()) {
      if (!key.startsWith(begins)) continue;
      try {
        found.push([key, JSON.parse(this.storage.getItem(key))]);
      } catch {
        this.storage.removeItem(key);
      }
    }
    return found;
  }

  #write(key, item) {
    try {
      this.storage.setItem(key, JSON.stringify(item));
      return true;
    } catch {
      return false;
    }
  }
}

const keysOf = (storage) => Array.from({ length: storage?.length ?? 0 }, (_, index) => storage.key(index));
