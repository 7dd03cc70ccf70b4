import { html } from '../core/view.js';
import { words } from '../core/words.js';
import { ask } from './dialog.js';

/** Asks for two times, of which either may be left out; `found` gets them as the API takes them. */
export function askRange(found) {
  const w = words.jobs;
  ask({
    title: w.range,
    text: w.rangeText,
    verb: w.apply,
    fields: html`
      <label class="field">${w.after}<input type="datetime-local" name="after" step="1"></label>
      <label class="field">${w.before}<input type="datetime-local" name="before" step="1"></label>`,
    act: async (form) => found(instant(form.elements.after.value), instant(form.elements.before.value)),
  });
}

const instant = (local) => (local ? new Date(local).toISOString() : '');
