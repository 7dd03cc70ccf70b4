import { repeat } from '../lib/lit-html/directives/repeat.js';
import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { text, visible } from '../core/visible.js';
import { words } from '../core/words.js';
import { bar, jobLink, queueLink, since, stateMark, tagList } from './bits.js';

/** Jobs in a table; `selection` lets rows be picked. */
export function jobTable(jobs, selection) {
  const w = words.jobs;
  return html`
    <div class="scroll"><table class="cards jobs">
      <caption class="hidden">${w.table}</caption>
      <thead><tr>
        ${selection ? html`<th><input type="checkbox" aria-label=${w.selectPage} .checked=${selection.all} @change=${(event) => selection.pickAll(event.target.checked)}></th>` : nothing}
        <th>${w.id}</th><th>${w.type}</th><th>${words.queues.name}</th><th>${w.state}</th><th class="end">${w.attempts}</th>
        <th>${w.created}</th><th>${w.changed}</th><th>${w.error}</th></tr></thead>
      <tbody>${repeat(jobs, (job) => job.id, (job) => row(job, selection))}</tbody>
    </table></div>`;
}

function row(job, selection) {
  const w = words.jobs;
  const error = job.attempts.at(-1)?.error;
  return html`
    <tr>
      ${selection ? html`<td><input type="checkbox" aria-label=${w.select(job.id)} .checked=${selection.has(job.id)} @change=${(event) => selection.pick(job.id, event.target.checked)}></td>` : nothing}
      <td class="tight">${jobLink(job.id)}</td>
      <td class="clip wide">${job.type} <span class="tags">${tagList(job.tags, (tag) => to('jobs', '', { tag }))}</span></td>
      <td class="tight" data-name=${words.queues.name}>${queueLink(job.queue)}</td>
      <td class="tight">${stateMark(job.state)}${job.state === 'RUNNING' && job.progress ? bar(job.progress.fraction, 1, `${Math.round(job.progress.fraction * 100)} %`) : nothing}</td>
      <td class="end" data-name=${w.attempts}>${job.attempt} / ${job.maxAttempts}</td>
      <td class="tight" data-name=${w.created}>${since(job.createdAt)}</td>
      <td class="tight" data-name=${w.changed}>${since(job.finishedAt ?? job.runAt)}</td>
      <td class="clip wide error" title=${error ? visible(`${error.type}: ${error.message}`) : ''}>${error && job.state !== 'SUCCEEDED' ? text(error.message || error.type) : nothing}</td>
    </tr>`;
}
