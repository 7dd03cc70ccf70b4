import { escaped } from './visible.js';

/**
 * JSON as the text it came in. `JSON.parse` makes other numbers of 3889108265204450030 and 1.10, puts
 * names that are numbers first, and keeps one of two that are equal; so what users have sent is looked
 * at a level at a time, each value being the piece of the text that it stands in. All of
 * this expects JSON.
 */

const QUOTE = 34;
const OPEN = new Set(['{', '[']);
const CLOSE = new Set(['}', ']']);
const BLANK = new Set([' ', '\t', '\n', '\r']);
/** A number that may not be a double. */
const LONG = /\d{16}/;

/** `[name, piece]` for each entry of an object, `[index, piece]` for each of a list. */
export function entries(text) {
  const list = text[0] === '[';
  const all = [];
  let at = beyondBlanks(text, 1);
  while (at < text.length && !CLOSE.has(text[at])) {
    let name = all.length;
    if (!list) {
      const end = endOfString(text, at);
      name = JSON.parse(text.slice(at, end));
      at = beyondBlanks(text, beyondBlanks(text, end) + 1);
    }
    const end = endOf(text, at);
    all.push([name, text.slice(at, end)]);
    at = beyondBlanks(text, end);
    if (text[at] === ',') {
      at = beyondBlanks(text, at + 1);
    }
  }
  return all;
}

/** The pieces of an object's entries by their names. */
export const fields = (text) => new Map(entries(text.trim()));

/** An object of pieces. */
export const joined = (pieces) =>
  `{${[...pieces].map(([name, piece]) => `${JSON.stringify(name)}:${piece}`).join(',')}}`;

/** What kind of value it is. */
export function kind(text) {
  const first = text[0];
  return first === '{' ? 'object' : first === '[' ? 'list' : first === '"' ? 'string' : first === 'n' ? 'null' :
    first === 't' || first === 'f' ? 'boolean' : 'number';
}

/** On lines of its own for each entry, all else as it came; what cannot be seen is escaped, so that it can. */
export function pretty(text) {
  let out = '';
  let line = '\n';
  let at = beyondBlanks(text, 0);
  while (at < text.length) {
    const first = text[at];
    let end = at + 1;
    if (first === '"') {
      end = endOfString(text, at);
      out += text.slice(at, end);
    } else if (OPEN.has(first)) {
      const next = beyondBlanks(text, end);
      if (CLOSE.has(text[next])) {
        out += first + text[next];
        end = next + 1;
      } else {
        line += '  ';
        out += first + line;
      }
    } else if (CLOSE.has(first)) {
      line = line.slice(0, -2);
      out += line + first;
    } else {
      out += first === ',' ? first + line : first === ':' ? ': ' : first;
    }
    at = beyondBlanks(text, end);
  }
  return escaped(out);
}

/** As values; a whole number that is no double stays text, with all its digits. */
export function values(text) {
  const parsed = JSON.parse(text);
  return LONG.test(text) ? value(text.trim()) : parsed;
}

function value(text) {
  switch (kind(text)) {
    case 'object':
      return Object.fromEntries(entries(text).map(([name, piece]) => [name, value(piece)]));
    case 'list':
      return entries(text).map(([, piece]) => value(piece));
    default: {
      const parsed = JSON.parse(text);
      return Number.isInteger(parsed) && !Number.isSafeInteger(parsed) && /^-?\d+$/.test(text) ? text : parsed;
    }
  }
}

function beyondBlanks(text, at) {
  let next = at;
  while (BLANK.has(text[next])) {
    next++;
  }
  return next;
}

/** Where the value ends that begins at `at`. */
function endOf(text, at) {
  let depth = 0;
  let next = at;
  while (next < text.length) {
    const first = text[next];
    if (first === '"') {
      next = endOfString(text, next);
    } else if (OPEN.has(first)) {
      depth++;
      next++;
    } else if (depth === 0 && (first === ',' || CLOSE.has(first) || BLANK.has(first))) {
      return next;
    } else {
      depth -= CLOSE.has(first) ? 1 : 0;
      next++;
    }
    if (depth === 0 && (first === '"' || CLOSE.has(first))) {
      return next;
    }
  }
  return next;
}

function endOfString(text, at) {
  let next = at + 1;
  while (next < text.length && text.charCodeAt(next) !== QUOTE) {
    next += text[next] === '\\' ? 2 : 1;
  }
  return next + 1;
}
