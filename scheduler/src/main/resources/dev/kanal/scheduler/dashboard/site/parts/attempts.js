import { count, span } from '../core/format.js';
import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { lines, text, visible } from '../core/visible.js';
import { words } from '../core/words.js';
import { moment } from './bits.js';

const LOOKS = { succeeded: 'succeeded', snoozed: 'scheduled', cancelled: 'cancelled' };
/** Attempts that stand open; the older ones are folded. */
const NEWEST = 5;

/** The error of the newest attempt that has one, unless the job has got over it. */
export function newestError(job) {
  const attempt = job.state === 'SUCCEEDED' ? undefined : job.attempts.findLast((each) => each.error);
  return attempt ? html`
    <section class="panel newest" aria-label=${words.jobPage.newestError}>
      <div class="row"><h2>${words.jobPage.newestError}</h2><span class="fine">${words.jobPage.lifeKinds.attempt} ${attempt.number} · ${moment(attempt.finishedAt)}</span></div>
      ${errorText(attempt.error, true)}
    </section>` : nothing;
}

/** What came of each attempt, the newest first; `traceLink` makes a link of a trace's id. */
export function attemptList(job, traceLink) {
  const w = words.jobPage;
  const newestFirst = job.attempts.toReversed();
  const older = newestFirst.slice(NEWEST);
  return html`
    ${newestFirst.length === 0 ? html`<p class="muted">${w.noAttempts}</p>` : nothing}
    <ol class="attempts">${newestFirst.slice(0, NEWEST).map((attempt) => row(attempt, traceLink))}</ol>
    ${older.length === 0 ? nothing : html`
      <details class="more"><summary>${w.olderAttempts(count(older.length), older.length)}</summary>
        <ol class="attempts">${older.map((attempt) => row(attempt, traceLink))}</ol></details>`}
    ${job.attemptsOmitted ? html`<p class="fine">${w.omitted(count(job.attemptsOmitted), job.attemptsOmitted)}</p>` : nothing}`;
}

function row(attempt, traceLink) {
  const w = words.jobPage;
  return html`
    <li>
      <div class="row">
        <div class="actions">
          <strong class="num">#${attempt.number}</strong>
          <span class="state ${LOOKS[attempt.outcome] ?? 'dead'}">${w.outcomes[attempt.outcome] ?? attempt.outcome}</span>
          <span class="muted num">${w.ran} ${span((new Date(attempt.finishedAt) - new Date(attempt.startedAt)) / 1000)}</span>
        </div>
        <div class="actions fine">${moment(attempt.startedAt)} <span>${w.worker} <a href=${to('workers', attempt.worker)} title=${visible(attempt.worker)}>${text(attempt.worker.split('~')[0])}</a></span>${traceLink(attempt.traceId, w.trace, 'small')}</div>
      </div>
      ${attempt.error ? errorText(attempt.error, false) : nothing}
    </li>`;
}

const errorText = (error, open) => html`
  <p class="error"><strong>${text(error.type)}</strong> ${text(error.message)}</p>
  ${error.stack ? html`<details ?open=${open}><summary>${words.jobPage.stack}</summary><pre class="stack" tabindex="0">${lines(error.stack)}</pre></details>` : nothing}`;
