import { clock, count, span } from '../core/format.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';

/** Spans that stand open; the older ones are folded. */
const NEWEST = 9;

/** The spans of a job's life under each other, on one scale of time. */
export function lifeLine(spans = []) {
  const now = Date.now();
  const all = spans.map((each) => ({
    ...each,
    from: new Date(each.start).getTime(),
    to: each.end ? new Date(each.end).getTime() : now,
  }));
  const begin = Math.min(...all.map((each) => each.from));
  const whole = Math.max(1, Math.max(...all.map((each) => each.to)) - begin);
  const older = all.slice(0, Math.max(0, all.length - NEWEST));
  const rows = (some) => html`<ol class="life">${some.map((each) => row(each, begin, whole))}</ol>`;
  return html`
    ${older.length === 0 ? nothing : html`
      <details class="more"><summary>${words.jobPage.earlier(count(older.length), older.length)}</summary>${rows(older)}</details>`}
    ${rows(all.slice(older.length))}`;
}

const row = (each, begin, whole) => html`
  <li title="${clock(each.start)} – ${each.end ? clock(each.end) : words.jobPage.goesOn}">
    <span>${each.kind === 'attempt' ? `${words.jobPage.lifeKinds.attempt} ${each.attempt}` : words.jobPage.lifeKinds[each.kind]}${
      each.outcome ? html` <span class="muted">${words.jobPage.outcomes[each.outcome] ?? each.outcome}</span>` : ''}</span>
    <span class="track ${each.kind} ${each.outcome ?? ''}"><i .style=${
      `left:${Math.min(99.5, (100 * (each.from - begin)) / whole)}%;width:${(100 * (each.to - each.from)) / whole}%`}></i></span>
    <span class="num muted">${span((each.to - each.from) / 1000)}${each.end ? '' : ' …'}</span>
  </li>`;
