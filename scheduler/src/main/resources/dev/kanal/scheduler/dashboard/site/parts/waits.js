import { count } from '../core/format.js';
import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';
import { jobLink, moment, since, stateMark } from './bits.js';

const workerLink = (id) => html`<a href=${to('workers', id)} title=${id}>${id.split('~')[0]}</a>`;

const listed = (items) => items.map((item, index) => html`${index > 0 ? ', ' : nothing}${item}`);

/** Why a job waits: what for, since when, behind whom. */
export function waitsFor(job) {
  const waits = job.waitsFor;
  if (!waits) {
    return nothing;
  }
  const w = words.waits;
  const { holders = [], workers } = waits;
  const rows = [
    [w.since, since(waits.since)],
    [w.until, waits.until && moment(waits.until)],
    [w.place, waits.place ? count(waits.place) : waits.placeMoreThan && w.beyond(count(waits.placeMoreThan))],
    [w.permits, waits.limit !== undefined && `${count(waits.held)} / ${count(waits.limit)}`],
    [w.holders, holders.length > 0 && listed(holders.map((holder) => html`${jobLink(holder.id)} ${stateMark(holder.state)}${holder.worker ? html` ${w.at} ${workerLink(holder.worker)}` : nothing}`))],
    [w.workers, workers && (workers.some.length > 0
      ? html`${listed(workers.some.map(workerLink))}${workers.ofType > workers.some.length ? ` ${w.ofAll(count(workers.ofType))}` : nothing}`
      : w.noWorkers(count(workers.ofQueue), workers.ofQueue))],
  ];
  return html`
    <section class="panel"><h2>${w.title}</h2>
      <p>${w.causes[waits.cause] ?? waits.cause}${waits.detail ? html`<span class="fine"> ${waits.detail}.</span>` : nothing}</p>
      <dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </section>`;
}

/** What of a queue is blocked, by what, and which types nobody runs. */
export function blockedPanel(queue) {
  const { blocked, unhandledTypes = [], noWorker } = queue;
  const w = words.waits;
  if (!blocked || (blocked.total === 0 && !noWorker)) {
    return nothing;
  }
  return html`
    <section class="panel"><h2>${w.blocked}</h2>
      ${noWorker ? html`<p class="note bad">${w.noWorker}</p>` : nothing}
      <dl class="facts">${Object.entries(blocked.byCause).map(([cause, number]) => html`
        <div><dt>${w.causes[cause] ?? cause}</dt><dd class="num"><a href=${to('jobs', '', { queue: queue.name, state: 'BLOCKED' })}>${count(number)}</a></dd></div>`)}
        ${unhandledTypes.map((each) => html`
        <div><dt>${w.unhandled} ${each.type}</dt><dd class="num"><a href=${to('jobs', '', { queue: queue.name, type: each.type, state: 'BLOCKED' })}>${count(each.jobs)}${each.atLeast ? '+' : ''}</a></dd></div>`)}</dl>
    </section>`;
}
