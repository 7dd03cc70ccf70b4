import { html } from './view.js';

/**
 * Text of others, such that it shows what is in it. Characters that cannot be seen, or that change how
 * their neighbours are shown, become symbols: controls, marks of direction, what has no width, halves
 * of pairs. Joiners stay, as scripts and emoji need them.
 */
const UNSEEN = String.raw`[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]|\r(?!\n)`;
const IN_LINES = new RegExp(`(${UNSEEN})`, 'u');
const IN_LINE = new RegExp(`(${UNSEEN}|[\\t\\n\\r])`, 'u');
const ALL_IN_LINE = new RegExp(IN_LINE, 'gu');
const ALL_IN_LINES = new RegExp(IN_LINES, 'gu');
const PICTURES = 0x2400;
const DELETE = 0x7f;
/** Symbols of one text that are told apart from it; with more of them all are plain. */
const MARKS_MAX = 500;

const code = (character) => character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');

function symbol(character) {
  const point = character.codePointAt(0);
  return point < 0x20 ? String.fromCodePoint(PICTURES + point) :
    point === DELETE ? '\u2421' : `[U+${code(character)}]`;
}

/** For where no markup can be, such as titles. */
export const visible = (text) => String(text ?? '').replace(ALL_IN_LINE, symbol);

/** For a page: in its own direction, whatever stands beside it. */
export const text = (value) => html`<bdi>${marked(String(value ?? ''), IN_LINE)}</bdi>`;

/** The same for text of several lines, whose breaks and tabs stay. */
export const lines = (value) => html`<bdi class="lines">${marked(String(value ?? ''), IN_LINES)}</bdi>`;

/** For a field that is JSON. */
export const escaped = (json) =>
  json.replace(ALL_IN_LINES, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''));

const marked = (value, unseen) => {
  if (!unseen.test(value)) {
    return value;
  }
  const pieces = value.split(unseen);
  return pieces.length > 2 * MARKS_MAX ? pieces.map((piece, index) => (index % 2 === 1 ? symbol(piece) : piece)).join('') : pieces.map((piece, index) =>
    index % 2 === 1 ? html`<span class="unseen" title="U+${code(piece)}">${symbol(piece)}</span>` : piece);
};
