import { get, post } from '../core/api.js';
import { count } from '../core/format.js';
import { asProblem, changed, repeat } from '../core/live.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { bar, problemNote } from './bits.js';
import { ask } from './dialog.js';

const KEPT = 'kanal.bulk';
const MOST = 5;
let tray;

/**
 * Asks, with the count, and then does `action` to the jobs of `target`: `{filter}` or `{ids}`. Its
 * progress is shown on whatever page one goes to, and after a reload.
 */
export function bulk(action, target) {
  const say = words.bulk[action];
  ask({
    title: say.title,
    text: target.ids ? say.text(count(target.ids.length), target.ids.length) : undefined,
    count: target.ids ? undefined : async () => {
      const matched = await counted(action, target);
      return say.text(count(matched), matched);
    },
    verb: say.verb,
    dangerous: action !== 'retry',
    act: async () => watch(await post('v1/bulk-actions', { action, ...target })),
  });
}

/** Shows how a bulk action goes on. */
export const watch = (started) => tray.watch(started);

/** How many jobs an action would take, from a dry run. */
async function counted(action, target) {
  let run = await post('v1/bulk-actions', { action, ...target, dryRun: true });
  while (run.state === 'running') {
    await new Promise((done) => setTimeout(done, 150));
    run = await get(`v1/bulk-actions/${run.id}`);
  }
  return run.matched;
}

/** The bulk actions that were begun in this tab, until they are put away. */
class Bulk extends View {
  runs = [];

  start() {
    tray = this;
    for (const id of JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')) {
      this.watch({ id, action: '', state: 'running', matched: 0, done: 0, skipped: 0, failed: 0 });
    }
  }

  watch(started) {
    const run = { ...started, end: new AbortController() };
    this.change([run, ...this.runs].slice(0, MOST));
    repeat(500, AbortSignal.any([run.end.signal, this.life]), async (signal) => {
      try {
        Object.assign(run, await get(`v1/bulk-actions/${run.id}`, {}, signal), { problem: undefined });
      } catch (failure) {
        run.problem = asProblem(failure);
      }
      if (run.state !== 'running' || run.problem?.status === 404) {
        run.end.abort();
        changed();
      }
      this.update();
    });
  }

  change(runs) {
    sessionStorage.setItem(KEPT, JSON.stringify(runs.map((run) => run.id)));
    this.set({ runs });
  }

  async stop(run) {
    try {
      Object.assign(run, await post(`v1/bulk-actions/${run.id}/stop`));
    } catch (failure) {
      run.problem = asProblem(failure);
    }
    this.update();
  }

  putAway(run) {
    run.end.abort();
    this.change(this.runs.filter((each) => each !== run));
  }

  template() {
    return this.runs.length === 0 ? nothing : html`
      <section class="tray" aria-label=${words.bulk.tray}>
        ${this.runs.map((run) => html`
          <article>
            <div class="row">
              <strong>${words.bulk[run.action]?.title ?? words.bulk.tray}</strong>
              <span class="state ${run.state === 'running' ? 'running' : run.state === 'done' ? 'succeeded' : 'cancelled'}" role="status">${words.bulk.states[run.state]}</span>
            </div>
            ${bar(run.done + run.skipped + run.failed, run.state === 'done' ? run.done + run.skipped + run.failed : run.matched)}
            <p class="fine num">${words.bulk.progress(count(run.done), count(run.matched), count(run.skipped), count(run.failed))}</p>
            ${problemNote(run.problem)}
            <div class="actions end">
              ${run.state === 'running'
                ? html`<button class="small" @click=${() => this.stop(run)}>${words.bulk.stop}</button>`
                : html`<button class="small" @click=${() => this.putAway(run)}>${words.bulk.putAway}</button>`}
            </div>
          </article>`)}
      </section>`;
  }
}

customElements.define('kanal-bulk', Bulk);
