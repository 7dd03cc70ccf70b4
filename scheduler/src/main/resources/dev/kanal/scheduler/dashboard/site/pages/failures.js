import { get } from '../core/api.js';
import { count } from '../core/format.js';
import { asProblem, follow, mayWrite, repeat } from '../core/live.js';
import { here, refine, to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { text, visible } from '../core/visible.js';
import { words } from '../core/words.js';
import { empty, head, jobLink, moment, problemNote, queueLink, since } from '../parts/bits.js';
import { bulk } from '../parts/bulk.js';

const LIMIT = 200;

/** Why jobs died, grouped by error; and records that could not be read. */
class Failures extends View {
  records = [];

  start() {
    repeat(3000, this.life, (signal) => this.read(signal));
    follow(this, 'queues', 10_000, async (signal) => (await get('v1/queues', {}, signal)).items);
    this.readQuarantine();
  }

  moved() {
    // Nothing is shown that another filter has found.
    this.set({ groups: undefined, failed: undefined });
    this.read(this.life);
  }

  async read(signal) {
    const { query } = here();
    const asking = query.toString();
    const asked = { queue: query.get('queue'), type: query.get('type'), sort: query.get('sort'), limit: LIMIT };
    try {
      const groups = await get('v1/failures', asked, signal);
      if (here().query.toString() === asking) {
        this.set({ groups, failed: undefined });
      }
    } catch (failure) {
      if (!signal.aborted && here().query.toString() === asking) {
        this.set({ failed: asProblem(failure) });
      }
    }
  }

  async readQuarantine(cursor) {
    try {
      const page = await get('v1/quarantine', { cursor }, this.life);
      this.set({ records: [...this.records, ...page.items], older: page.nextCursor, quarantineRead: true });
    } catch (failure) {
      if (!this.life.aborted) {
        this.set({ quarantineProblem: asProblem(failure) });
      }
    }
  }

  template() {
    const w = words.failures;
    const { groups } = this;
    const { query } = here();
    return html`
      ${head(w.title, groups ? w.detail(count(groups.groups), groups.groups, count(groups.jobs), groups.jobs) : nothing)}
      <div class="filters">
        <select aria-label=${w.queue} @change=${(event) => refine({ queue: event.target.value })}>
          <option value="" ?selected=${!query.get('queue')}>${w.anyQueue}</option>
          ${(this.queues ?? []).map(({ name }) => html`<option value=${name} ?selected=${query.get('queue') === name}>${name}</option>`)}
        </select>
        <select aria-label=${w.sort} @change=${(event) => refine({ sort: event.target.value === 'count' ? '' : event.target.value })}>
          ${Object.entries(w.sorts).map(([value, title]) => html`<option value=${value} ?selected=${(query.get('sort') ?? 'count') === value}>${title}</option>`)}
        </select>
        <input type="search" aria-label=${w.type} placeholder=${w.type} .value=${query.get('type') ?? ''} @change=${(event) => refine({ type: event.target.value.trim() })}>
      </div>
      ${problemNote(this.failed, 'page')}
      ${groups && !groups.complete ? html`<p class="note">${w.incomplete}</p>` : nothing}
      <section class="panel flush">${groups?.items.length ? this.table(groups.items, w) : groups ? empty(w.none) : nothing}</section>
      ${groups?.omittedGroups ? html`<p class="fine">${w.omitted(count(groups.omittedGroups), groups.omittedGroups, count(groups.omittedJobs), groups.omittedJobs)}</p>` : nothing}
      ${this.quarantine(w)}`;
  }

  table(items, w) {
    return html`
      <div class="scroll"><table class="cards">
        <caption class="hidden">${w.table}</caption>
        <thead><tr><th class="end">${w.count}</th><th>${w.error}</th><th>${w.where}</th><th>${w.first}</th><th>${w.last}</th><th>${w.samples}</th><th><span class="hidden">${words.actions}</span></th></tr></thead>
        <tbody>${items.map((group) => html`
          <tr>
            <td class="end" data-name=${w.count}><strong>${count(group.count)}</strong></td>
            <td class="wide message"><span class="error"><strong>${text(group.error.type)}</strong></span><br>${text(group.error.message)}</td>
            <td class="tight wide">${group.type}<br>${queueLink(group.queue)}</td>
            <td class="tight" data-name=${w.first}>${since(group.firstSeen)}</td>
            <td class="tight" data-name=${w.last}>${since(group.lastSeen)}</td>
            <td class="tight" data-name=${w.samples}>${group.jobs[0] ? jobLink(group.jobs[0]) : nothing}</td>
            <td class="wide"><div class="actions">
              <a class="button small" href=${to('jobs', '', { failure: group.failure })}>${w.show}</a>
              ${mayWrite() ? html`
                <button class="small" @click=${() => bulk('retry', { filter: { failure: group.failure } })}>${w.retry}</button>
                <button class="small" @click=${() => bulk('delete', { filter: { failure: group.failure } })}>${w.remove}</button>` : nothing}
            </div></td>
          </tr>`)}</tbody></table></div>`;
  }

  quarantine(w) {
    return html`
      <section class="panel flush"><h2>${w.quarantine}</h2>
        <p class="fine inset">${w.quarantineText}</p>
        ${problemNote(this.quarantineProblem, 'page')}
        ${this.records.length === 0 ? (this.quarantineRead ? html`<p class="muted inset">${w.noQuarantine}</p>` : nothing) : html`
          <div class="scroll"><table class="cards">
            <thead><tr><th>${w.at}</th><th>${w.reason}</th><th>${w.source}</th><th class="end">${w.bytes}</th><th>${w.excerpt}</th></tr></thead>
            <tbody>${this.records.map((record) => html`
              <tr><td class="tight wide">${moment(record.at)}</td><td class="wide">${text(record.reason)}</td>
                <td class="tight" data-name=${w.source}>${record.source ? `${record.source.partition}:${record.source.offset}` : '–'}</td>
                <td class="end" data-name=${w.bytes}>${count(record.bytes)}</td><td class="clip wide mono" title=${visible(record.excerpt)}>${text(record.excerpt)}</td></tr>`)}</tbody>
          </table></div>`}
        ${this.older ? html`<div class="pager"><button class="small" @click=${() => this.readQuarantine(this.older)}>${w.more}</button></div>` : nothing}
      </section>`;
  }
}

customElements.define('kanal-failures', Failures);
