import { Problem } from './api.js';
import { words } from './words.js';

/** `text` as it is, if it is JSON: to be sent as it was typed, with its numbers and its order. */
export function jsonText(text) {
  try {
    JSON.parse(text);
  } catch (failure) {
    throw new Problem(0, { detail: words.problems.noJson(failure.message) });
  }
  return text;
}
