import { part, post } from '../core/api.js';
import { count } from '../core/format.js';
import { changed, mayWrite } from '../core/live.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';
import { ask } from './dialog.js';

export const drainButton = (worker, looks) =>
  mayWrite() && !worker.draining
    ? html`<button class=${looks} @click=${() => drain(worker)}>${words.workers.drain}</button>`
    : nothing;

function drain(worker) {
  const w = words.workers;
  ask({
    title: `${w.drain} ${worker.worker}`,
    text: w.drainAsk(worker.worker, count(worker.running.count), worker.running.count),
    verb: w.drain,
    dangerous: true,
    act: async () => {
      await post(`v1/workers/${part(worker.id)}/drain`);
      worker.draining = true;
      changed();
    },
  });
}
