import { clock, count } from '../core/format.js';
import { html, nothing } from '../core/view.js';
import { lines as shown } from '../core/visible.js';
import { words } from '../core/words.js';

/** What handlers have logged, the oldest first. */
export function logLines(lines, omitted) {
  const w = words.jobPage;
  return html`
    ${omitted ? html`<p class="fine">${w.logsOmitted(count(omitted), omitted)}</p>` : nothing}
    ${lines.length === 0 ? html`<p class="muted">${w.noLogs}</p>` : html`
      <ol class="log" tabindex="0" aria-label=${w.logs}>${lines.map((line) => html`
        <li><time class="muted" datetime=${line.at}>${clock(line.at)}</time><span class="muted">#${line.attempt}</span><span>${shown(line.line)}</span></li>`)}
      </ol>`}`;
}
