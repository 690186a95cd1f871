/* Suggestions under a search field: entities, claims, sources and titles that go on from what is
   typed. Without this script the field searches as it is. Keys and roles are those of a combobox
   (WAI-ARIA): arrows walk through the list, Enter opens what is chosen, Escape closes the list. */

const WAIT = 150;
const SHORTEST = 2;
// Of these scripts one letter is a syllable or a word.
const ONE_IS_ENOUGH =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

export class Suggestions {
  constructor(input, number) {
    this.input = input;
    this.address = input.dataset.suggest;
    this.list = Object.assign(document.createElement("ul"), {
      id: `suggestions-${number}`,
      className: "suggestions",
      hidden: true,
    });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    this.said.setAttribute("role", "status");
    input.after(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    this.chosen = -1;
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // Before the field loses the focus, which closes the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.address);
    });
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST && !ONE_IS_ENOUGH.test(text)) return this.close();
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${this.address}?${new URLSearchParams({ q: text })}`, {
        signal: this.asked.signal,
      });
      if (answer.ok) this.show((await answer.json()).suggestions);
    } catch {
      // Overtaken, or the network is down: the field searches all the same.
    }
  }

  show(suggestions) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(...suggestions.map((one, place) => this.option(one, place)));
    this.choose(-1);
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const many = suggestions.length;
    this.said.textContent = many === 1 ? "1 suggestion" : `${many || "No"} suggestions`;
  }

  option({ label, detail, address }, place) {
    const option = Object.assign(document.createElement("li"), {
      id: `${this.list.id}-${place}`,
    });
    option.setAttribute("role", "option");
    option.dataset.address = address;
    const kind = Object.assign(document.createElement("span"), { textContent: ` ${detail}` });
    kind.className = "kind";
    option.append(label, kind);
    return option;
  }

  choose(place) {
    const options = [...this.list.children];
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    this.chosen = place;
    if (place < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    // While letters are put together, the keys belong to that.
    if (this.list.hidden || event.isComposing) return;
    const last = this.list.children.length - 1;
    if (event.key === "ArrowDown") this.choose(this.chosen < last ? this.chosen + 1 : -1);
    else if (event.key === "ArrowUp") this.choose(this.chosen < 0 ? last : this.chosen - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.chosen >= 0)
      location.assign(this.list.children[this.chosen].dataset.address);
    else return;
    event.preventDefault();
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

document.querySelectorAll("input[data-suggest]").forEach((input, number) => {
  if (input.dataset.suggest) new Suggestions(input, number).listen();
});
