import { count, span } from '../core/format.js';
import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';
import { moment } from './bits.js';

const LOOKS = { succeeded: 'succeeded', snoozed: 'scheduled', cancelled: 'cancelled' };

/** What came of each attempt, the newest first; `traceLink` makes a link of a trace's id. */
export function attemptList(job, traceLink) {
  const w = words.jobPage;
  const newestFirst = job.attempts.toReversed();
  return html`
    ${newestFirst.length === 0 ? html`<p class="muted">${w.noAttempts}</p>` : nothing}
    <ol class="attempts">${newestFirst.map((attempt) => html`
      <li>
        <div class="row">
          <div class="actions">
            <strong class="num">#${attempt.number}</strong>
            <span class="state ${LOOKS[attempt.outcome] ?? 'dead'}">${w.outcomes[attempt.outcome]}</span>
            <span class="muted num">${w.ran} ${span((new Date(attempt.finishedAt) - new Date(attempt.startedAt)) / 1000)}</span>
          </div>
          <div class="actions fine">${moment(attempt.startedAt)} <span>${w.worker} <a href=${to('workers', attempt.worker)} title=${attempt.worker}>${attempt.worker.split('~')[0]}</a></span>${traceLink(attempt.traceId, w.trace, 'small')}</div>
        </div>
        ${attempt.error ? html`
          <p class="error"><strong>${attempt.error.type}</strong> ${attempt.error.message}</p>
          ${attempt.error.stack ? html`<details ?open=${attempt === newestFirst[0]}><summary>${w.stack}</summary><pre class="stack" tabindex="0">${attempt.error.stack}</pre></details>` : nothing}` : nothing}
      </li>`)}
    </ol>
    ${job.attemptsOmitted ? html`<p class="fine">${w.omitted(count(job.attemptsOmitted), job.attemptsOmitted)}</p>` : nothing}`;
}
