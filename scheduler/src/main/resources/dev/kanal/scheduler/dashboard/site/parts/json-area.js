import { jsonText } from '../core/json-text.js';
import { pretty } from '../core/json.js';
import { html } from '../core/view.js';

/** A field for JSON, given as its text. */
export function jsonArea(name, json, rows) {
  const shown = pretty(json);
  return html`<textarea name=${name} rows=${rows} spellcheck="false" .value=${shown} .given=${{ shown, json }}></textarea>`;
}

/** What stands in the area: what it came from, byte for byte, if nobody has touched it. */
export const jsonTyped = (area) => (area.value === area.given.shown ? area.given.json : jsonText(area.value));
