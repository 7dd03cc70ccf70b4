import { get, root } from '../core/api.js';
import { brief } from '../core/format.js';
import { asFilter, asQuery, fromText, fromUrl, FIELDS, isEmpty, isForBulk } from '../core/job-filter.js';
import { asProblem, follow, listen, mayWrite } from '../core/live.js';
import { go, here, refine, to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { text, visible } from '../core/visible.js';
import { words } from '../core/words.js';
import { empty, head, problemNote, STATES, stateMark } from '../parts/bits.js';
import { bulk } from '../parts/bulk.js';
import { jobTable } from '../parts/job-table.js';
import { askRange } from '../parts/range.js';

const PAGE = 50;
/** A call of the API looks for a bounded time; so many are made before somebody is asked. */
const CALLS = 8;
const REFRESH = 1500;

class Jobs extends View {
  selected = new Set();
  whole = false;

  start() {
    this.moved();
    follow(this, 'queues', 5000, async (signal) => (await get('v1/queues', {}, signal)).items);
    document.addEventListener('kanal-changed', () => this.load(), { signal: this.life });
    document.addEventListener('keydown', this.pressed, { signal: this.life });
  }

  moved() {
    this.filter = fromUrl(here().query);
    this.cursor = here().query.get('cursor');
    this.selected.clear();
    this.whole = false;
    // Nothing is shown that another filter has found.
    this.set({ found: undefined, failed: undefined });
    this.followEvents();
    this.load();
  }

  /** The first page follows what happens; others, and those with a selection, hold still. */
  followEvents() {
    this.stream?.abort();
    this.stream = new AbortController();
    if (!this.cursor) {
      const { states, queue, type } = this.filter;
      listen('v1/events', { state: states, queue, type }, {
        signal: AbortSignal.any([this.life, this.stream.signal]),
        pause: REFRESH,
        heard: () => this.held() || this.load(),
      });
    }
  }

  held() {
    return Boolean(this.cursor) || this.selected.size > 0 || this.whole;
  }

  async load() {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    const signal = AbortSignal.any([this.life, reading.signal]);
    try {
      const found = await this.page(signal);
      if (this.reading === reading) {
        this.set({ found, failed: undefined });
      }
    } catch (failure) {
      if (!signal.aborted) {
        this.set({ failed: asProblem(failure) });
      }
    }
  }

  /** Follows the cursor until there is something to show. */
  async page(signal) {
    const query = asQuery(this.filter);
    let { cursor } = this;
    const items = [];
    for (let call = 0; call < CALLS; call++) {
      const answer = await get('v1/jobs', { ...query, limit: PAGE - items.length, cursor }, signal);
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (!cursor || items.length >= PAGE) {
        break;
      }
    }
    return { items, next: cursor, after: query.createdAfter };
  }

  pressed = (event) => {
    const typing = event.target.closest?.('input, textarea, select, dialog');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.querySelector('[name=search]').focus();
    }
  };

  search = (event) => {
    event.preventDefault();
    const box = event.target.elements.search;
    const { id, changes } = fromText(box.value);
    if (id) {
      go(to('jobs', id));
      return;
    }
    for (const [list, there] of [['tag', this.filter.tags], ['find', this.filter.find]]) {
      if (changes[list]) {
        changes[list] = [...new Set([...there, ...changes[list]])];
      }
    }
    box.value = '';
    this.refine(changes);
  };

  refine(changes) {
    refine({ cursor: '', ...(changes.state ? { failure: '' } : {}), ...changes });
  }

  /** A cursor goes with one filter: what was counted back from the time then is said as a time now. */
  older = () => refine({ cursor: this.found.next, within: '', createdAfter: this.found.after });

  chooseTime = (event) => {
    if (event.target.value !== 'range') {
      this.refine({ within: event.target.value, createdAfter: '', createdBefore: '' });
      return;
    }
    askRange((createdAfter, createdBefore) => this.refine({ within: '', createdAfter, createdBefore }));
  };

  toggle(state) {
    const states = new Set(this.filter.states);
    if (!states.delete(state)) {
      states.add(state);
    }
    this.refine({ state: [...states] });
  }

  template() {
    const w = words.jobs;
    return html`
      ${head(w.title, nothing, html`<span class="fine" title=${w.held}>${this.held() ? nothing : html`<span class="state running">${w.live}</span>`}</span>`)}
      ${this.filters(w)}
      ${problemNote(this.failed)}
      <section class="panel flush">
        ${this.selection(w)}
        ${this.list(w)}
        <div class="pager">
          <button class="small" ?disabled=${!this.cursor} @click=${() => refine({ cursor: '' })}>${w.newest}</button>
          ${this.found?.next && this.found.items.length > 0 && this.found.items.length < PAGE ? html`<span class="fine">${w.cutShort}</span>` : nothing}
          <button class="small" ?disabled=${!this.found?.next} @click=${this.older}>${w.older}</button>
        </div>
      </section>`;
  }

  list(w) {
    if (!this.found) {
      return html`<div class="empty"><p>${this.failed ? w.unknown : words.loading}</p></div>`;
    }
    if (this.found.items.length === 0) {
      return this.found.next
        ? html`<div class="empty"><p>${w.searching}</p><button @click=${this.older}>${w.searchOn}</button></div>`
        : isEmpty(this.filter) ? empty(w.none, words.commands.job(root.href)) : empty(w.noMatch);
    }
    return jobTable(this.found.items, mayWrite() ? {
      has: (id) => this.whole || this.selected.has(id),
      all: this.whole || this.found.items.every((job) => this.selected.has(job.id)),
      pick: (id, on) => this.pick([id], on),
      pickAll: (on) => this.pick(this.found.items.map((job) => job.id), on),
    } : undefined);
  }

  pick(ids, on) {
    ids.forEach((id) => (on ? this.selected.add(id) : this.selected.delete(id)));
    this.set({ whole: false });
  }

  selection(w) {
    const size = this.selected.size;
    if (!mayWrite() || (size === 0 && !this.whole)) {
      return nothing;
    }
    const target = this.whole ? { filter: asFilter(this.filter) } : { ids: [...this.selected] };
    return html`
      <div class="selection">
        <span role="status">${this.whole ? w.allMatching : w.selected(String(size), size)}</span>
        ${this.whole ? nothing : html`<button class="plain" ?disabled=${!isForBulk(this.filter)} title=${isForBulk(this.filter) ? '' : isEmpty(this.filter) ? w.needFilter : w.notFound} @click=${() => this.set({ whole: true })}>${w.selectAll}</button>`}
        <button class="plain" @click=${() => { this.selected.clear(); this.set({ whole: false }); }}>${w.clearSelection}</button>
        <span class="actions">
          <button class="small" @click=${() => bulk('retry', target)}>${w.retry}</button>
          <button class="small" @click=${() => bulk('cancel', target)}>${w.cancel}</button>
          <button class="small" @click=${() => bulk('delete', target)}>${w.remove}</button>
        </span>
      </div>`;
  }

  filters(w) {
    const { filter } = this;
    const counts = this.counts();
    return html`
      <form class="filters" role="search" @submit=${this.search}>
        <input type="search" name="search" placeholder=${`${w.searchHint}   /`} aria-label=${w.search} title=${w.searchHelp} autocomplete="off" spellcheck="false">
        <select aria-label=${w.queue} @change=${(event) => this.refine({ queue: event.target.value })}>
          <option value="" ?selected=${!filter.queue}>${w.anyQueue}</option>
          ${this.queueNames().map((name) => html`<option value=${name} ?selected=${filter.queue === name}>${visible(name)}</option>`)}
        </select>
        <select aria-label=${w.when} @change=${this.chooseTime}>
          ${Object.entries(w.times).map(([value, title]) => html`<option value=${value} ?selected=${filter.within === value}>${title}</option>`)}
          <option value="range" ?selected=${Boolean(filter.createdAfter || filter.createdBefore)}>${w.range}</option>
        </select>
        <button type="submit">${w.apply}</button>
      </form>
      <div class="chips" role="group" aria-label=${w.states}>
        ${STATES.map((state) => html`
          <button class="chip" aria-pressed=${filter.states.includes(state)} @click=${() => this.toggle(state)}>
            ${stateMark(state)}<span class="badge">${brief(counts[state])}</span></button>`)}
      </div>
      ${this.chips(w)}`;
  }

  /** What is filtered by that stands nowhere else; each can be taken away. */
  chips(w) {
    const { filter } = this;
    const chips = [
      ...FIELDS.filter((name) => name !== 'queue' && filter[name]).map((name) => [name, filter[name], { [name]: '' }]),
      ...filter.tags.map((tag) => ['tag', tag, { tag: filter.tags.filter((each) => each !== tag) }]),
      ...filter.find.map((word) => ['find', word, { find: filter.find.filter((each) => each !== word) }]),
    ];
    return chips.length === 0 ? nothing : html`
      <div class="chips">
        ${chips.map(([name, value, without]) => html`
          <button class="chip" aria-label=${visible(w.without(`${name} ${value}`))} @click=${() => this.refine(without)}>
            <span class="muted">${w.chips[name] ?? name}</span> ${text(value)} <span aria-hidden="true">×</span></button>`)}
        <button class="plain" @click=${() => go(to('jobs'))}>${w.clear}</button>
      </div>`;
  }

  queueNames() {
    const names = new Set((this.queues ?? []).map((queue) => queue.name));
    if (this.filter.queue) {
      names.add(this.filter.queue);
    }
    return [...names].sort();
  }

  /** Of all jobs, or of those of the queue that is chosen. */
  counts() {
    const sums = {};
    for (const queue of this.queues ?? []) {
      if (!this.filter.queue || queue.name === this.filter.queue) {
        STATES.forEach((state) => (sums[state] = (sums[state] ?? 0) + queue.states[state]));
      }
    }
    return sums;
  }
}

customElements.define('kanal-jobs', Jobs);
