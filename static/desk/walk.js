/**
 * Where the cursor goes: pure functions on the annotations in the order of the text.
 */

/** What the cursor stops at: all but what was rejected. */
const stops = (one) => one.status !== "rejected";
const open = (one) => one.status === "suggested";

/** The neighbour of the annotation `id` (the first or last one when there is none); or `id`. */
export function neighbour(annotations, id, back = false) {
  const here = annotations.findIndex((one) => one.id === id);
  const found =
    here < 0
      ? annotations[back ? "findLast" : "find"](stops)
      : back
        ? annotations.slice(0, here).findLast(stops)
        : annotations.slice(here + 1).find(stops);
  return found?.id ?? id;
}

/** The next one to decide after `id`, going round at the end; undefined when none is left. */
export function nextOpen(annotations, id) {
  const here = annotations.findIndex((one) => one.id === id);
  const found =
    annotations.slice(here + 1).find(open) ??
    annotations.slice(0, Math.max(here, 0)).find(open) ??
    annotations.find((one) => one.id === id && open(one));
  return found?.id;
}

/** Of the annotations at one place, the one after `id`, from the innermost outwards and round. */
export function nextAt(idsFromInside, id) {
  return idsFromInside[(idsFromInside.indexOf(id) + 1) % idsFromInside.length];
}
