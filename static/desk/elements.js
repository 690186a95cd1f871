/** Building elements without markup in strings. */

import { keyOf, written } from "./keys.js";

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

/** A button that does something. The key of its command is shown beside its name; `key` says
 * which it is where the command has several, `room` where it is another room's. */
export function button(name, { key, command, room, ...attributes }) {
  const does = key ?? (command && keyOf(command, room));
  const aria = does === " " ? "Space" : /^[A-Z]$/.test(does) ? `Shift+${does}` : does;
  return make(
    "button",
    { type: "button", "data-command": command, "aria-keyshortcuts": aria, ...attributes },
    name,
    does ? make("kbd", { "aria-hidden": "true" }, written(does)) : null,
  );
}
