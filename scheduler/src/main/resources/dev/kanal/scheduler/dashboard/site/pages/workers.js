import { get } from '../core/api.js';
import { brief, count, rate, span } from '../core/format.js';
import { follow } from '../core/live.js';
import { to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';
import { bar, empty, head, problemNote, since } from '../parts/bits.js';
import { spark } from '../parts/spark.js';
import { drainButton } from '../parts/worker-actions.js';

const PAUSE = 2500;
const POINTS = 120;

/** The live workers; what their pools were is kept while the page is open. */
class Workers extends View {
  sizes = new Map();

  start() {
    follow(this, 'workers', PAUSE, async (signal) => {
      const { items } = await get('v1/workers', {}, signal);
      const ids = new Set(items.map((worker) => worker.id));
      for (const id of this.sizes.keys()) {
        if (!ids.has(id)) {
          this.sizes.delete(id);
        }
      }
      for (const { id, slots } of items) {
        this.sizes.set(id, [...(this.sizes.get(id) ?? []), slots.size].slice(-POINTS));
      }
      return items;
    });
  }

  template() {
    const w = words.workers;
    const { workers } = this;
    return html`
      ${head(w.title, workers ? w.detail(count(workers.length), workers.length) : nothing)}
      ${problemNote(this.problem)}
      <section class="panel flush">
        ${workers?.length === 0 ? empty(w.none, words.commands.worker()) : html`
          <div class="scroll"><table class="cards">
            <caption class="hidden">${w.table}</caption>
            <thead><tr><th>${w.name}</th><th>${w.state}</th><th>${w.slots}</th><th class="end">${w.pool}</th><th>${w.trend}</th><th class="end">${w.rate}</th>
              <th class="end">${w.oldest}</th><th class="end">${w.lag}</th><th>${w.version}</th><th>${w.up}</th><th><span class="hidden">${words.actions}</span></th></tr></thead>
            <tbody>${(workers ?? []).map((worker) => this.row(worker, w))}</tbody></table></div>`}
      </section>`;
  }

  row(worker, w) {
    const { slots } = worker;
    const lag = Object.values(slots.queues).reduce((sum, use) => sum + use.lag, 0);
    return html`
      <tr>
        <td class="clip wide"><a href=${to('workers', worker.id)}>${text(worker.worker)}</a><br><span class="fine">${text(worker.host)}</span></td>
        <td class="tight"><span class="state ${worker.draining ? 'paused' : 'running'}">${worker.draining ? w.draining : w.active}</span></td>
        <td class="slots" data-name=${w.slots}><span class="num">${count(slots.busy)} / ${count(slots.total)}</span>${bar(slots.busy, slots.total)}</td>
        <td class="end" data-name=${w.pool}>${count(slots.size)}</td>
        <td>${spark(this.sizes.get(worker.id) ?? [], `${w.trend} ${w.since}`)}</td>
        <td class="end" data-name=${w.rate}>${rate(worker.rates.finishedPerSecond)}</td>
        <td class="end tight" data-name=${w.oldest}>${worker.running.oldest[0] ? span(worker.running.oldest[0].ageSeconds) : '–'}</td>
        <td class="end" data-name=${w.lag}>${brief(lag)}</td>
        <td class="tight" data-name=${w.version}>${text(worker.version)}</td>
        <td class="tight" data-name=${w.up}>${span(Math.round((Date.now() - new Date(worker.startedAt)) / 1000))}</td>
        <td class="wide"><div class="actions">${drainButton(worker, 'small')}</div></td>
      </tr>`;
  }
}

customElements.define('kanal-workers', Workers);
