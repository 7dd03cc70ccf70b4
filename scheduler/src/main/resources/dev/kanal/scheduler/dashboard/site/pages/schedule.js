import { get, getWhole, part } from '../core/api.js';
import { ago, duration, span, time } from '../core/format.js';
import { fields } from '../core/json.js';
import { follow, mayWrite } from '../core/live.js';
import { to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';
import { empty, head, jobLink, moment, notFound, problemNote, queueLink, stateMark } from '../parts/bits.js';
import { cadence, deleteSchedule, editSchedule, pauseSchedule, resumeSchedule, triggerSchedule } from '../parts/schedule-actions.js';
import { tree } from '../parts/tree.js';

/** One schedule: what comes, what came, and what was skipped and why. */
class Schedule extends View {
  start() {
    follow(this, 'known', 2500, (signal) => this.read(signal));
  }

  async read(signal) {
    const path = `v1/schedules/${part(this.name)}`;
    const [{ answer, text: whole }, runs] = await Promise.all([getWhole(path, signal), get(`${path}/runs`, {}, signal)]);
    return { schedule: answer, job: fields(whole).get('job'), runs };
  }

  template() {
    const w = words.schedules;
    if (!this.known) {
      return this.problem
        ? this.problem.status === 404
          ? notFound(w.missing, html`<a href=${to('schedules')}>${words.pages.schedules}</a>`)
          : html`${head(text(this.name))}${problemNote(this.problem)}`
        : html`<p class="muted">${words.loading}</p>`;
    }
    const { schedule, job, runs } = this.known;
    return html`
      ${head(html`${schedule.name} <span class="state ${schedule.paused ? 'paused' : 'running'}">${schedule.paused ? w.paused : w.active}</span>`, cadence(schedule), this.actions(schedule, w))}
      ${problemNote(this.problem)}
      <section class="panel"><dl class="facts">
        <div><dt>${w.job}</dt><dd class="pair">${schedule.job.type} → ${queueLink(schedule.job.queue ?? 'default')}</dd></div>
        <div><dt>${w.fields.misfire}</dt><dd>${w.policies[schedule.misfire.policy ?? 'fireOnce']}</dd></div>
        <div><dt>${w.fields.concurrencyPolicy}</dt><dd>${w.policies[schedule.concurrencyPolicy]}</dd></div>
        ${schedule.startingDeadline ? html`<div><dt>${w.fields.startingDeadline}</dt><dd>${duration(schedule.startingDeadline)}</dd></div>` : nothing}
        <div><dt>${words.jobPage.facts.createdAt}</dt><dd>${moment(schedule.createdAt)}</dd></div>
        <div><dt>${words.jobs.title}</dt><dd><a href=${to('jobs', '', { schedule: schedule.name })}>${w.showJobs}</a></dd></div>
      </dl></section>
      <div class="grid">
        <section class="panel"><h2>${w.upcoming}</h2>
          ${schedule.nextTicks.length === 0 ? html`<p class="muted">${w.noNext}</p>` : html`<ol class="ticks num">${schedule.nextTicks.map((tick) => html`<li><span>${time(tick)}</span><span class="muted">${ago(tick)}</span></li>`)}</ol>`}</section>
        <section class="panel"><h2>${w.job}</h2>${tree(job)}</section>
      </div>
      ${runTable(runs.items, w)}
      ${skippedTable(runs.skipped, w)}`;
  }

  actions(schedule, w) {
    return mayWrite() ? html`
      <button @click=${() => triggerSchedule(schedule)}>${w.trigger}</button>
      ${schedule.paused ? html`<button class="primary" @click=${() => resumeSchedule(schedule)}>${w.resume}</button>` : html`<button @click=${() => pauseSchedule(schedule)}>${w.pause}</button>`}
      <button @click=${() => editSchedule(schedule.name)}>${w.edit}</button>
      <button @click=${() => deleteSchedule(schedule)}>${w.remove}</button>` : nothing;
  }
}

function runTable(runs, w) {
  return html`
    <section class="panel flush"><h2>${w.runs}</h2>
      ${runs.length === 0 ? empty(w.noRuns) : html`<div class="scroll"><table class="cards">
        <thead><tr><th>${w.tick}</th><th>${w.job}</th><th>${w.state}</th><th>${w.fired}</th><th>${w.ended}</th></tr></thead>
        <tbody>${runs.map((run) => html`
          <tr><td class="tight wide">${time(run.tick)} ${run.triggered ? html`<span class="tag">${w.triggered}</span>` : nothing}</td>
            <td class="tight">${jobLink(run.job)}</td>
            <td class="tight">${run.state ? stateMark(run.state) : html`<span class="muted">${w.running}</span>`}</td>
            <td class="tight num" data-name=${w.fired}>${run.triggered ? '–' : `${w.late} ${span(Math.max(0, (new Date(run.firedAt) - new Date(run.tick)) / 1000))}`}</td>
            <td class="tight" data-name=${w.ended}>${run.endedAt ? moment(run.endedAt) : nothing}</td></tr>`)}</tbody></table></div>`}
    </section>`;
}

function skippedTable(skipped, w) {
  return html`
    <section class="panel flush"><h2>${w.skippedTicks}</h2>
      ${skipped.length === 0 ? empty(w.noSkipped) : html`<div class="scroll"><table class="cards">
        <thead><tr><th>${w.reason}</th><th class="end">${w.ticks}</th><th>${w.from}</th><th>${w.to}</th></tr></thead>
        <tbody>${skipped.map((each) => html`
          <tr><td class="wide">${w.reasons[each.reason] ?? each.reason}</td><td class="end" data-name=${w.ticks}>${each.count}</td>
            <td class="tight" data-name=${w.from}>${time(each.first)}</td><td class="tight" data-name=${w.to}>${time(each.last)}</td></tr>`)}</tbody></table></div>`}
    </section>`;
}

customElements.define('kanal-schedule', Schedule);
