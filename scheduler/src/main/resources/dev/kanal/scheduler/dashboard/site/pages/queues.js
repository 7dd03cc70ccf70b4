import { get, root } from '../core/api.js';
import { brief, count, rate, span } from '../core/format.js';
import { asProblem, follow, mayWrite } from '../core/live.js';
import { here, refine, to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { empty, head, problemNote, queueLink } from '../parts/bits.js';
import { createQueue, purgeQueue, pauseQueue, queueSettings, resumeQueue } from '../parts/queue-actions.js';
import { spark } from '../parts/spark.js';

const PAGE = 50;
const POINTS = 60;
const PAUSE = 2000;

/** All queues, with what waits in them; a page of them is drawn, whatever number there is. */
class Queues extends View {
  lags = new Map();
  asked = new Set();

  start() {
    follow(this, 'queues', PAUSE, async (signal) => {
      const { items } = await get('v1/queues', {}, signal);
      this.remember(items);
      return items;
    });
  }

  moved() {
    this.update();
  }

  /** Keeps the last lags of the queues that there are. */
  remember(items) {
    const names = new Set(items.map((queue) => queue.name));
    for (const name of this.lags.keys()) {
      if (!names.has(name)) {
        this.lags.delete(name);
      }
    }
    for (const queue of items) {
      this.lags.set(queue.name, [...(this.lags.get(queue.name) ?? []), queue.lag].slice(-POINTS));
    }
  }

  /** What came before this page was opened, once for each queue that is drawn. */
  async recall(name) {
    if (this.asked.has(name)) {
      return;
    }
    this.asked.add(name);
    try {
      const series = await get(`v1/queues/${name}/series`, { step: '1s', last: '2m' }, this.life);
      const before = series.lag.filter((_, index) => index % (PAUSE / 1000) === 0);
      this.lags.set(name, [...before, ...(this.lags.get(name) ?? [])].slice(-POINTS));
      this.update();
    } catch (failure) {
      // The line begins now, then.
      if (!this.life.aborted) {
        asProblem(failure);
      }
    }
  }

  shown() {
    const { query } = here();
    const text = (query.get('find') ?? '').toLowerCase();
    const all = (this.queues ?? []).filter((queue) => queue.name.includes(text))
      .sort((a, b) => b.lag - a.lag || b.inFlight - a.inFlight || (a.name < b.name ? -1 : 1));
    const last = Math.max(0, Math.ceil(all.length / PAGE) - 1);
    const page = Math.min(last, Math.max(0, Number(query.get('page') ?? 1) - 1 || 0));
    return { text, all, page, last, items: all.slice(page * PAGE, (page + 1) * PAGE) };
  }

  template() {
    const w = words.queues;
    const { text, all, page, last, items } = this.shown();
    items.forEach((queue) => this.recall(queue.name));
    return html`
      ${head(w.title, this.queues ? w.detail(count(this.queues.length), this.queues.length) : nothing, html`
        <input type="search" placeholder=${w.filter} aria-label=${w.filter} .value=${text} @input=${this.find}>
        ${mayWrite() ? html`<button class="primary" @click=${createQueue}>${w.create}</button>` : nothing}`)}
      ${problemNote(this.problem)}
      <section class="panel flush">
        ${this.queues && items.length === 0
          ? text ? empty(w.noMatch) : empty(w.none, words.commands.job(root.href))
          : html`<div class="scroll"><table class="cards">
              <caption class="hidden">${w.title}</caption>
              <thead><tr><th>${w.name}</th><th>${w.trend}</th><th class="end">${w.lag}</th><th class="end">${w.age}</th>
                <th class="end">${w.arriving}</th><th class="end">${w.leaving}</th><th class="end">${w.empty}</th>
                <th class="end">${w.running}</th><th class="end">${words.waits.column}</th><th class="end">${w.dead}</th><th><span class="hidden">${words.actions}</span></th></tr></thead>
              <tbody>${items.map((queue) => this.row(queue))}</tbody></table></div>`}
        ${last > 0 ? html`<div class="pager"><span class="fine">${w.more(items.length, all.length)}</span><div class="actions">
          <button class="small" ?disabled=${page === 0} @click=${() => refine({ page })}>${w.previous}</button>
          <button class="small" ?disabled=${page === last} @click=${() => refine({ page: page + 2 })}>${w.next}</button></div></div>` : nothing}
      </section>`;
  }

  find = (event) => refine({ find: event.target.value, page: '' }, { replace: true });

  row(queue) {
    const w = words.queues;
    const lags = this.lags.get(queue.name) ?? [];
    return html`
      <tr>
        <td class="wide">${queueLink(queue.name)} ${queue.paused ? html`<span class="state paused">${w.paused}</span>` : nothing}
          ${queue.noWorker ? html`<span class="state dead">${words.waits.none}</span>` : nothing}</td>
        <td>${spark(lags, w.sparkTitle(count(queue.lag)))}</td>
        <td class="end" data-name=${w.lag} title=${count(queue.lag)}>${brief(queue.lag)}</td>
        <td class="end tight" data-name=${w.age}>${queue.lag > 0 ? span(queue.oldestAgeSeconds) : '–'}</td>
        <td class="end" data-name=${w.arriving}>${rate(queue.arrivalRate)}</td>
        <td class="end" data-name=${w.leaving}>${rate(queue.drainRate)}</td>
        <td class="end tight" data-name=${w.empty}>${emptyIn(queue)}</td>
        <td class="end" data-name=${w.running}>${brief(queue.inFlight)}</td>
        <td class="end" data-name=${words.waits.column}>${queue.blocked.total > 0
          ? html`<a href=${to('jobs', '', { queue: queue.name, state: 'BLOCKED' })}>${brief(queue.blocked.total)}</a>` : '0'}</td>
        <td class="end" data-name=${w.dead}>${queue.states.DEAD > 0
          ? html`<a href=${to('jobs', '', { queue: queue.name, state: 'DEAD' })}>${brief(queue.states.DEAD)}</a>` : '0'}</td>
        <td class="wide">${mayWrite() ? html`<div class="actions" role="group" aria-label=${w.actions(queue.name)}>
          ${queue.paused
            ? html`<button class="small" @click=${() => resumeQueue(queue)}>${w.resume}</button>`
            : html`<button class="small" @click=${() => pauseQueue(queue)}>${w.pause}</button>`}
          <button class="small" @click=${() => purgeQueue(queue)}>${w.purge}</button>
          <button class="small" @click=${() => queueSettings(queue)}>${w.settings}</button></div>` : nothing}</td>
      </tr>`;
  }
}

/** When nothing will wait any more, if it goes on like this. */
export const emptyIn = (queue) =>
  queue.lag === 0 ? '–' : queue.timeToEmptySeconds === null ? words.queues.growing : span(queue.timeToEmptySeconds);

customElements.define('kanal-queues', Queues);
