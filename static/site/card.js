/* The card beside a mark: what it is and who says so, as the page's own lists have it. It comes on
   hover, focus or tap, stays while the pointer is on it, and goes with Escape. */
import { keysOf } from "./layers.js";

const WAIT = 180;
const GAP = 8;

export class Card {
  constructor(text, off) {
    this.text = text;
    this.off = off;
    this.piece = null;
    this.element = document.createElement("div");
    this.element.id = "card";
    this.element.className = "card";
    this.element.hidden = true;
    text.after(this.element);
    // The card says it better than a tooltip on top of it would.
    for (const piece of text.querySelectorAll(".tag[title]")) {
      piece.setAttribute("data-title", piece.title);
      piece.removeAttribute("title");
    }
  }

  listen() {
    const { text, element } = this;
    text.addEventListener("pointerover", (event) => this.hovered(event));
    text.addEventListener("pointerout", (event) => this.left(event));
    element.addEventListener("pointerenter", () => clearTimeout(this.timer));
    element.addEventListener("pointerleave", (event) => this.left(event));
    text.addEventListener("focusin", (event) => this.focused(event));
    text.addEventListener("focusout", () => this.later(() => this.hide()));
    text.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.piece) this.hide();
    });
    document.addEventListener("pointerdown", (event) => {
      this.pointer = event.pointerType;
      if (!event.target.closest(".card, .story-text .tag")) this.hide();
    });
    addEventListener("resize", () => this.hide());
  }

  hovered(event) {
    if (event.pointerType === "touch") return;
    const piece = event.target.closest(".tag");
    if (piece) this.later(() => this.show(piece));
  }

  left(event) {
    if (event.pointerType !== "touch") this.later(() => this.hide());
  }

  focused(event) {
    const piece = event.target.closest(".tag");
    if (piece?.matches(":focus-visible")) this.show(piece);
  }

  /** A first tap opens the card; the card's own links, or a second tap, lead on. */
  clicked(event) {
    const piece = event.target.closest(".tag");
    if (!piece || this.pointer !== "touch" || piece === this.piece) return;
    if (this.show(piece)) event.preventDefault();
  }

  later(act) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, WAIT);
  }

  /** Show what the piece's marks are; false where all of them are switched off. */
  show(piece) {
    clearTimeout(this.timer);
    const keys = keysOf(piece, this.off);
    const items = keys.map((key) => document.getElementById(key)).filter(Boolean);
    if (!items.length) return false;
    this.hide();
    this.piece = piece;
    this.element.replaceChildren(...items.map(told));
    this.element.hidden = false;
    piece.setAttribute("aria-describedby", this.element.id);
    this.light(keys[0]);
    this.place(piece);
    return true;
  }

  hide() {
    clearTimeout(this.timer);
    if (!this.piece) return;
    this.piece.removeAttribute("aria-describedby");
    this.element.hidden = true;
    this.text.querySelectorAll(".is-lit").forEach((piece) => piece.classList.remove("is-lit"));
    this.piece = null;
  }

  /** Show how far the mark reaches, in however many pieces. */
  light(key) {
    for (const piece of this.text.querySelectorAll(`[data-of~="${key}"]`)) piece.classList.add("is-lit");
  }

  /** Below the words, or above them where there is no room; never beyond the window's sides. */
  place(piece) {
    const { element } = this;
    const words = piece.getClientRects()[0];
    const around = element.offsetParent.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const room = document.documentElement.clientWidth - width - GAP;
    const left = Math.max(GAP, Math.min(words.left, room));
    const last = [...piece.getClientRects()].at(-1);
    const below = last.bottom + GAP + height <= innerHeight || words.top < height + GAP;
    const top = below ? last.bottom + GAP : words.top - height - GAP;
    element.style.left = `${left - around.left}px`;
    element.style.top = `${top - around.top}px`;
  }
}

/** A copy of a list's item, without what only the list needs. */
function told(item) {
  const part = document.createElement("div");
  part.className = `told ${item.id.split("-")[0]}`;
  part.append(...item.cloneNode(true).childNodes);
  part.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
  return part;
}
