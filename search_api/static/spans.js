// @ts-check
/** Offsets of the API count code points; those of JavaScript strings count UTF-16 units. */

/** @typedef {{start: number, end: number, kind: string}} Span */
/** @typedef {{text: string, kind: string | null}} Piece */

/**
 * Return the UTF-16 offset of every code point of a text, and of its end.
 * @param {string} text
 * @returns {number[]}
 */
export function utf16Offsets(text) {
  const offsets = [0];
  for (const character of text) offsets.push(offsets[offsets.length - 1] + character.length);
  return offsets;
}

/**
 * Cut a text at the ends of its spans; together the pieces are the text. A span that overlaps an earlier one or
 * leaves the text is passed over.
 * @param {string} text
 * @param {Span[]} spans
 * @returns {Piece[]}
 */
export function cut(text, spans) {
  const offsets = utf16Offsets(text);
  /** @type {Piece[]} */
  const pieces = [];
  let done = 0;
  for (const { start, end, kind } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start < done || end <= start || end >= offsets.length) continue;
    if (start > done) pieces.push({ text: text.slice(offsets[done], offsets[start]), kind: null });
    pieces.push({ text: text.slice(offsets[start], offsets[end]), kind });
    done = end;
  }
  if (offsets[done] < text.length) pieces.push({ text: text.slice(offsets[done]), kind: null });
  return pieces;
}
