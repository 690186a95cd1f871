/* Layers of marks. Style sheets hide those that are switched off; here their links are taken off
   too, so that a claim's words lead to the claim while names are switched off. */

const KEY = "newsdesk-layers-off";

/** The kind of the thing that an item of the page's lists tells of: "claim-3" is a claim. */
export function kindOf(key) {
  return { name: "entity", claim: "claim", source: "source" }[key.split("-")[0]];
}

/** The keys of a piece's marks that are switched on, the shortest mark first. */
export function keysOf(piece, off) {
  return piece.dataset.of.split(" ").filter((key) => key && !off.has(kindOf(key)));
}

/** Where the item with this key leads: its first link that is no jump within the page. */
function addressOf(key) {
  return document.querySelector(`#${key} a:not([href^="#"])`)?.getAttribute("href");
}

/** Keep the choice, and the links right; returns the set of kinds that are off, kept current. */
export function watchLayers(fieldset, text) {
  const off = new Set(read());
  const boxes = [...fieldset.querySelectorAll("input")];
  const apply = () => {
    for (const piece of text.querySelectorAll("a.tag")) point(piece, off);
    write([...off]);
  };
  for (const box of boxes) {
    const kind = box.id.replace("show-", "");
    box.checked = !off.has(kind);
    box.addEventListener("change", () => {
      if (box.checked) off.delete(kind);
      else off.add(kind);
      apply();
    });
  }
  if (off.size) apply();
  return off;
}

function point(piece, off) {
  const [key] = keysOf(piece, off);
  const address = key && addressOf(key);
  if (address) piece.setAttribute("href", address);
  else piece.removeAttribute("href");
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function write(kinds) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kinds));
  } catch {
    // A browser that keeps nothing shows all layers next time.
  }
}
