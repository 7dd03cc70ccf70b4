import { get, part } from '../core/api.js';
import { brief, count, rate, span } from '../core/format.js';
import { follow } from '../core/live.js';
import { to } from '../core/router.js';
import { Series } from '../core/series.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';
import { empty, figure, head, jobLink, moment, notFound, problemNote, queueLink } from '../parts/bits.js';
import '../parts/chart.js';
import { drainButton } from '../parts/worker-actions.js';

const PAUSE = 2500;
const POINTS = 1440;
const LINES = [
  { name: words.charts.pool, color: 'blue', fill: true, show: brief },
  { name: words.charts.busy, color: 'green', show: brief },
];

/** One worker: what it runs, and how its pool grows and shrinks while one looks. */
class Worker extends View {
  series = new Series(['busy', 'size'], POINTS, (4 * PAUSE) / 1000);

  start() {
    follow(this, 'worker', PAUSE, async (signal) => {
      const worker = await get(`v1/workers/${part(this.name)}`, {}, signal);
      const { busy, size } = worker.slots;
      this.series.add({ times: [new Date(worker.at).getTime() / 1000], busy: [busy], size: [size] });
      document.title = `${worker.worker} · Kanal`;
      return worker;
    });
  }

  drawn() {
    const chart = this.querySelector('kanal-chart');
    if (chart && this.series.length > 0) {
      chart.data = this.series.columns('size', 'busy');
    }
  }

  template() {
    const w = words.workers;
    const { worker } = this;
    if (!worker) {
      return this.problem
        ? this.problem.status === 404
          ? notFound(w.missing, html`<a href=${to('workers')}>${words.pages.workers}</a>`)
          : html`${head(text(this.name))}${problemNote(this.problem)}`
        : html`<p class="muted">${words.loading}</p>`;
    }
    return html`
      ${head(html`${text(worker.worker)} <span class="state ${worker.draining ? 'paused' : 'running'}">${worker.draining ? w.draining : w.active}</span>`,
        html`<span class="mono">${text(worker.id)}</span>`, drainButton(worker, ''))}
      ${this.problem?.status === 404 ? html`<p class="note">${w.missing}</p>` : problemNote(this.problem)}
      <dl class="figures">
        ${figure(w.slots, count(worker.slots.busy), { unit: `/ ${count(worker.slots.total)}` })}
        ${figure(w.pool, count(worker.slots.size))}
        ${figure(w.startedRate, rate(worker.rates.startedPerSecond), { unit: words.overview.perSecond })}
        ${figure(w.endedRate, rate(worker.rates.finishedPerSecond), { unit: words.overview.perSecond })}
        ${figure(w.up, span(Math.round((Date.now() - new Date(worker.startedAt)) / 1000)))}
      </dl>
      <div class="grid">
        <section class="panel"><kanal-chart .label=${`${words.charts.slots}, ${w.since}`} .lines=${LINES}></kanal-chart></section>
        ${uses(worker, w)}
      </div>
      ${running(worker, w)}
      <section class="panel"><dl class="facts">
        <div><dt>${w.version}</dt><dd>${text(worker.version)}</dd></div>
        <div><dt>${w.host}</dt><dd>${text(worker.host)}</dd></div>
        <div><dt>${w.heard}</dt><dd>${moment(worker.at)}</dd></div>
        <div><dt>${w.queues}</dt><dd>${worker.queues.length ? worker.queues.map((name) => html`${queueLink(name)} `) : w.allQueues}</dd></div>
        <div><dt>${w.types}</dt><dd>${text(worker.types.join(', '))}</dd></div>
      </dl></section>`;
  }
}

function uses(worker, w) {
  const queues = Object.entries(worker.slots.queues);
  return html`
    <section class="panel flush"><h2>${w.queues}</h2>
      ${queues.length === 0 ? empty(w.idle) : html`<div class="scroll"><table>
        <thead><tr><th>${w.queue}</th><th class="end">${words.queue.busy}</th><th class="end">${w.pool}</th><th class="end">${w.lag}</th><th class="end">${w.finished}</th><th class="end">${w.mean}</th></tr></thead>
        <tbody>${queues.map(([name, use]) => html`
          <tr><td>${queueLink(name)}</td><td class="end">${count(use.busy)}</td><td class="end">${count(use.size)}</td><td class="end">${brief(use.lag)}</td>
            <td class="end">${count(use.finished)}</td><td class="end tight">${use.finished > 0 ? span(use.ranSeconds / use.finished) : '–'}</td></tr>`)}</tbody></table></div>`}
    </section>`;
}

function running(worker, w) {
  const { count: all, oldest } = worker.running;
  return html`
    <section class="panel flush"><h2>${w.running}</h2>
      ${oldest.length === 0 ? empty(w.idle) : html`<div class="scroll"><table class="cards">
        <thead><tr><th>${w.job}</th><th>${w.type}</th><th>${w.queue}</th><th class="end">${w.attempt}</th><th class="end">${w.age}</th></tr></thead>
        <tbody>${oldest.map((task) => html`
          <tr><td class="tight">${jobLink(task.job)}</td><td class="clip">${task.type}</td><td data-name=${w.queue}>${queueLink(task.queue)}</td>
            <td class="end" data-name=${w.attempt}>${task.attempt}</td><td class="end tight" data-name=${w.age}>${span(task.ageSeconds)}</td></tr>`)}</tbody></table></div>`}
      ${all > oldest.length ? html`<p class="fine pager">${w.oldestOf(count(oldest.length), count(all))}</p>` : nothing}
    </section>`;
}

customElements.define('kanal-worker', Worker);
