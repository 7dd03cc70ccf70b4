import { get, root } from '../core/api.js';
import { count } from '../core/format.js';
import { changed, follow, mayWrite } from '../core/live.js';
import { to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { empty, head, jobLink, problemNote, queueLink, since, stateMark } from '../parts/bits.js';
import { cadence, createSchedule, pauseSchedule, resumeSchedule, triggerSchedule } from '../parts/schedule-actions.js';

const PAGE = 100;

/** All schedules, by name. */
class Schedules extends View {
  pages = 1;

  start() {
    follow(this, 'found', 3000, (signal) => this.read(signal));
  }

  async read(signal) {
    const items = [];
    let cursor;
    for (let page = 0; page < this.pages; page++) {
      const answer = await get('v1/schedules', { limit: PAGE, cursor }, signal);
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (!cursor) {
        break;
      }
    }
    return { items, more: Boolean(cursor) };
  }

  template() {
    const w = words.schedules;
    const { found } = this;
    return html`
      ${head(w.title, found ? w.detail(`${count(found.items.length)}${found.more ? '+' : ''}`, found.items.length) : nothing,
        mayWrite() ? html`<button class="primary" @click=${createSchedule}>${w.create}</button>` : nothing)}
      ${problemNote(this.problem)}
      <section class="panel flush">
        ${found?.items.length === 0 ? empty(w.none, words.commands.schedule(root.href)) : html`
          <div class="scroll"><table class="cards">
            <caption class="hidden">${w.table}</caption>
            <thead><tr><th>${w.name}</th><th>${w.cadence}</th><th>${w.job}</th><th>${w.state}</th><th>${w.next}</th><th>${w.last}</th><th class="end">${w.skipped}</th><th><span class="hidden">${words.actions}</span></th></tr></thead>
            <tbody>${(found?.items ?? []).map((schedule) => row(schedule, w))}</tbody></table></div>`}
        ${found?.more ? html`<div class="pager"><button class="small" @click=${() => { this.pages++; changed(); }}>${w.more}</button></div>` : nothing}
      </section>`;
  }
}

function row(schedule, w) {
  const skipped = schedule.skipped.reduce((sum, each) => sum + each.count, 0);
  return html`
    <tr>
      <td class="wide"><a href=${to('schedules', schedule.name)}>${schedule.name}</a></td>
      <td class="tight wide">${cadence(schedule)}</td>
      <td class="clip wide pair">${schedule.job.type} <span class="muted">→</span> ${queueLink(schedule.job.queue ?? 'default')}</td>
      <td class="tight"><span class="state ${schedule.paused ? 'paused' : 'running'}">${schedule.paused ? w.paused : w.active}</span></td>
      <td class="tight" data-name=${w.next}>${since(schedule.nextTicks[0])}</td>
      <td class="tight" data-name=${w.last}>${schedule.lastRun ? html`<span>${jobLink(schedule.lastRun.job)} ${schedule.lastRun.state ? stateMark(schedule.lastRun.state) : html`<span class="muted">${w.running}</span>`}</span>` : nothing}</td>
      <td class="end" data-name=${w.skipped} title=${schedule.skipped[0] ? w.reasons[schedule.skipped[0].reason] : ''}>${skipped || '0'}</td>
      <td class="wide">${mayWrite() ? html`<div class="actions">
        ${schedule.paused ? html`<button class="small" @click=${() => resumeSchedule(schedule)}>${w.resume}</button>` : html`<button class="small" @click=${() => pauseSchedule(schedule)}>${w.pause}</button>`}
        <button class="small" @click=${() => triggerSchedule(schedule)}>${w.trigger}</button></div>` : nothing}</td>
    </tr>`;
}

customElements.define('kanal-schedules', Schedules);
