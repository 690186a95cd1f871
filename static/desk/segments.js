/**
 * A text cut where annotations begin and end: the same cuts as annotations/segments.py makes,
 * held to the same cases. Pure; all offsets here are UTF-16 units.
 */

// White space as Python has it: JavaScript's own class has U+FEFF and lacks U+0085.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SPACE_IN_LINE = "(?!\\n)" + SPACE;
const BLANK_LINES = new RegExp(`\\n(?:${SPACE_IN_LINE})*\\n${SPACE}*`, "g");
const NEWLINES = /\n+/g;
const ONLY_SPACE = new RegExp(`^${SPACE}*$`);
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");

/** Where paragraphs begin and end: parted by blank lines, or by newlines if there are none. */
export function paragraphSpans(text) {
  const blank = text.replace(AROUND, "").search(BLANK_LINES) >= 0;
  const spans = [];
  let start = 0;
  for (const gap of text.matchAll(blank ? BLANK_LINES : NEWLINES)) {
    spans.push([start, gap.index]);
    start = gap.index + gap[0].length;
  }
  spans.push([start, text.length]);
  return spans.filter(([from, to]) => !ONLY_SPACE.test(text.slice(from, to)));
}

/**
 * text[start:end] as segments `{start, end, text, marks}`, each with the marks that cover it,
 * the longest first. `marks` are pairs of a mark and its spans.
 */
export function cut(text, start, end, marks) {
  const pieces = piecesIn(start, end, marks);
  const cuts = new Set([start, end]);
  for (const piece of pieces) {
    for (const edge of [piece.start, piece.end]) if (start < edge && edge < end) cuts.add(edge);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((to, index) => {
    const from = edges[index];
    const covering = pieces.filter((piece) => piece.start <= from && to <= piece.end);
    return { start: from, end: to, text: text.slice(from, to), marks: covering.map((p) => p.mark) };
  });
}

function piecesIn(start, end, marks) {
  return marks
    .flatMap(([mark, spans], order) =>
      spans.map(([from, to]) => ({ start: from, end: to, order, mark })),
    )
    .filter((piece) => piece.start < end && piece.end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end || a.order - b.order);
}

/** The paragraphs of `text`, each with its segments. */
export function segmented(text, marks) {
  return paragraphSpans(text).map(([start, end]) => ({
    start,
    end,
    segments: cut(text, start, end, marks),
  }));
}
