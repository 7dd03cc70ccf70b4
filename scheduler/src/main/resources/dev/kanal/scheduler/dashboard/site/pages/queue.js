import { get, part } from '../core/api.js';
import { brief, count, duration, rate, span } from '../core/format.js';
import { asProblem, follow, mayWrite, repeat } from '../core/live.js';
import { here, to } from '../core/router.js';
import { Series } from '../core/series.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';
import { empty, figure, head, notFound, problemNote, STATES, stateMark } from '../parts/bits.js';
import '../parts/chart.js';
import { deleteQueue, pauseQueue, purgeQueue, queueSettings, resumeQueue } from '../parts/queue-actions.js';
import { blockedPanel } from '../parts/waits.js';
import { emptyIn } from './queues.js';

const COLUMNS = ['lag', 'inFlight', 'oldestAgeSeconds', 'arrivalRate', 'drainRate'];
const STEPS = { '1s': { most: 900, gap: 3, pause: 2000, newer: '10s' }, '10s': { most: 8640, gap: 25, pause: 10_000, newer: '1m' } };
const CHARTS = [
  { label: words.charts.lag, of: ['lag', 'inFlight'], lines: [
    { name: words.charts.waiting, color: 'blue', fill: true, show: brief },
    { name: words.charts.running, color: 'green', show: brief }] },
  { label: words.charts.rates, of: ['arrivalRate', 'drainRate'], lines: [
    { name: words.charts.arriving, color: 'blue', fill: true, show: rate },
    { name: words.charts.leaving, color: 'green', show: rate }] },
  { label: words.charts.age, of: ['oldestAgeSeconds'], lines: [
    { name: words.charts.oldest, color: 'blue', fill: true, show: span }] },
];

/** One queue: what waits where, how it is set, who works on it. */
class Queue extends View {
  start() {
    const path = `v1/queues/${part(this.name)}`;
    follow(this, 'queue', 2000, (signal) => get(path, {}, signal));
    repeat(5000, this.life, (signal) => this.readWorkers(signal));
    this.moved();
  }

  moved() {
    const step = here().query.get('step') === '10s' ? '10s' : '1s';
    if (step === this.step) {
      return;
    }
    this.step = step;
    this.round?.abort();
    this.round = new AbortController();
    this.series = new Series(COLUMNS, STEPS[step].most, STEPS[step].gap);
    const signal = AbortSignal.any([this.life, this.round.signal]);
    repeat(STEPS[step].pause, signal, () => this.readSeries(signal));
  }

  async readSeries(signal) {
    const { newer, pause } = STEPS[this.step];
    const gap = Date.now() / 1000 - this.series.newest > 5 + (2 * pause) / 1000;
    try {
      this.series.add(await get(`v1/queues/${part(this.name)}/series`, { step: this.step, last: gap ? '' : newer }, signal));
      this.update();
    } catch (failure) {
      if (!signal.aborted) {
        this.set({ problem: asProblem(failure) });
      }
    }
  }

  async readWorkers(signal) {
    try {
      const [workers, scaling] = await Promise.all([
        get('v1/workers', {}, signal), get(`v1/scaling/${part(this.name)}`, {}, signal),
      ]);
      this.set({ workers: workers.items.filter((worker) => worker.slots.queues[this.name]), scaling });
    } catch (failure) {
      if (!signal.aborted) {
        this.set({ problem: asProblem(failure) });
      }
    }
  }

  drawn() {
    this.querySelectorAll('kanal-chart').forEach((chart, index) => {
      if (this.series.length > 0) {
        chart.data = this.series.columns(...CHARTS[index].of);
      }
    });
  }

  template() {
    const { queue } = this;
    const w = words.queue;
    if (!queue) {
      return this.problem?.status === 404 ? notFound(w.missing, html`<a href=${to('queues')}>${words.pages.queues}</a>`) :
        this.problem ? html`${head(text(this.name))}${problemNote(this.problem)}` : html`<p class="muted">${words.loading}</p>`;
    }
    return html`
      ${head(html`${queue.name} ${queue.paused ? html`<span class="state paused">${words.queues.paused}</span>` : nothing}`, nothing, this.actions(queue))}
      ${problemNote(this.problem)}
      ${this.figures(queue)}
      ${blockedPanel(queue)}
      <div class="row"><h2>${w.series}</h2>
        <div class="toggle" role="group" aria-label=${w.step}>${Object.entries(w.steps).map(([step, title]) => html`
          <a href=${to('queues', this.name, { step: step === '1s' ? '' : step })} aria-current=${this.step === step}>${title}</a>`)}</div></div>
      ${this.series.length === 0 ? html`<p class="fine">${w.noSeries}</p>` : nothing}
      <div class="grid">${CHARTS.map((chart) => html`<section class="panel"><kanal-chart .label=${chart.label} .lines=${chart.lines}></kanal-chart></section>`)}</div>
      <div class="grid">
        ${this.lanes(queue)}
        ${this.workerTable()}
      </div>
      <div class="grid">
        <section class="panel"><h2>${w.settings}</h2>${settings(queue)}</section>
        <section class="panel"><h2>${w.jobs}</h2><ul class="states">${STATES.map((state) => html`
          <li><a href=${to('jobs', '', { queue: queue.name, state })}>${stateMark(state)}</a><span class="num">${count(queue.states[state])}</span></li>`)}</ul></section>
      </div>`;
  }

  actions(queue) {
    const w = words.queues;
    return mayWrite() ? html`
      ${queue.paused ? html`<button class="primary" @click=${() => resumeQueue(queue)}>${w.resume}</button>` : html`<button @click=${() => pauseQueue(queue)}>${w.pause}</button>`}
      <button @click=${() => purgeQueue(queue)}>${w.purge}</button>
      <button @click=${() => queueSettings(queue)}>${w.settings}</button>
      <button @click=${() => deleteQueue(queue)}>${w.remove}</button>` : nothing;
  }

  figures(queue) {
    const w = words.queues;
    const { latency } = queue;
    const perSecond = { unit: words.overview.perSecond };
    return html`
      <dl class="figures">
        ${figure(w.lag, brief(queue.lag), { unit: words.overview.jobs, title: count(queue.lag) })}
        ${figure(w.age, queue.lag > 0 ? span(queue.oldestAgeSeconds) : '–')}
        ${figure(words.overview.arrival, rate(queue.arrivalRate), perSecond)}
        ${figure(words.queue.leaving, rate(queue.drainRate), perSecond)}
        ${figure(w.empty, emptyIn(queue))}
        ${figure(w.running, brief(queue.inFlight))}
        ${figure(words.waits.column, brief(queue.blocked.total))}
        ${figure(words.queue.desired, count(this.scaling?.desiredWorkers))}
        ${latency ? html`
          ${figure(`${words.queue.wait} p95`, span(latency.wait.p95))}
          ${figure(`${words.queue.run} p95`, span(latency.run.p95))}` : nothing}
      </dl>`;
  }

  lanes(queue) {
    const w = words.queue;
    return html`
      <section class="panel flush"><h2>${w.lanes}</h2>
        <div class="scroll" tabindex="0"><table>
          <thead><tr><th>${w.lane}</th><th class="end">${words.queues.lag}</th><th>${w.partitions}</th></tr></thead>
          <tbody>${queue.lanes.length === 0 ? html`<tr><td colspan="3" class="muted">–</td></tr>` : queue.lanes.map((lane) => html`
            <tr><td>${lane.priority}</td><td class="end">${count(lane.lag)}</td>
              <td>${lane.partitions ? html`<span class="tags">${lane.partitions.map((each) => html`<span class="tag num">${each.partition}<b>${count(each.groupLag)}</b></span>`)}</span>` : html`<span class="muted">${w.noPartitions}</span>`}</td></tr>`)}
          </tbody></table></div>
      </section>`;
  }

  workerTable() {
    const w = words.queue;
    const workers = this.workers ?? [];
    return html`
      <section class="panel flush"><h2>${w.workers}</h2>
        ${workers.length === 0 ? empty(w.noWorkers) : html`<div class="scroll"><table>
          <thead><tr><th>${w.worker}</th><th class="end">${w.busy}</th><th class="end">${w.pool}</th><th class="end">${w.seen}</th></tr></thead>
          <tbody>${workers.map((worker) => {
            const use = worker.slots.queues[this.name];
            return html`<tr><td class="clip"><a href=${to('workers', worker.id)}>${text(worker.worker)}</a></td>
              <td class="end">${use.busy}</td><td class="end">${use.size}</td><td class="end">${brief(use.lag)}</td></tr>`;
          })}</tbody></table></div>`}
      </section>`;
  }
}

function settings(queue) {
  const f = words.queue.fields;
  const w = words.queue;
  const rows = [
    [f.partitions, count(queue.partitions)], [f.capacity, count(queue.capacity)],
    [f.concurrency, queue.concurrency ? count(queue.concurrency) : w.unlimited],
    [w.rate, queue.rate ? `${count(queue.rate.permits)} / ${duration(queue.rate.per)}` : w.unlimited],
    [f.weight, queue.weight], [f.strict, queue.strict ? w.yes : w.no],
    [w.scale, `${queue.scaling.minWorkers} – ${queue.scaling.maxWorkers}`], [f.targetSeconds, span(queue.scaling.targetSeconds)],
    [f.maxAttempts, queue.defaults.retry?.maxAttempts ?? w.unset], [f.timeout, queue.defaults.timeout ? duration(queue.defaults.timeout) : w.unset],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd class="num">${value}</dd></div>`)}</dl>`;
}

customElements.define('kanal-queue', Queue);
