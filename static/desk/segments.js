/**
 * A text cut where annotations begin and end: the same cuts as annotations/segments.py makes,
 * held to the same cases. Pure; all offsets here are UTF-16 units.
 */

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
