/** Building elements without markup in strings. */

/** An element: `make("p", {class: "quiet"}, "words", child)`. Attributes that are null or false
 * are left out, those that are true are empty. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that does something; `key` is shown beside its name. */
export function button(name, { key, command, ...attributes }) {
  const cap = key ? make("kbd", { "aria-hidden": "true" }, key) : null;
  return make(
    "button",
    { type: "button", "data-command": command, "aria-keyshortcuts": key, ...attributes },
    name,
    cap,
  );
}
