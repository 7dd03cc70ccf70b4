import { get, getWhole, part, post, postWhole, remove } from '../core/api.js';
import { span } from '../core/format.js';
import { fields, joined } from '../core/json.js';
import { asProblem, listen, mayWrite, repeat, ui } from '../core/live.js';
import { onPreference } from '../core/preferences.js';
import { go, to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { text } from '../core/visible.js';
import { words } from '../core/words.js';
import { attemptList, newestError } from '../parts/attempts.js';
import { bar, copy, FINAL, head, jobLink, moment, notFound, problemNote, queueLink, stateMark, tagList } from '../parts/bits.js';
import { ask } from '../parts/dialog.js';
import { jsonArea, jsonTyped } from '../parts/json-area.js';
import { lifeLine } from '../parts/life.js';
import { logLines } from '../parts/log.js';
import '../parts/payload.js';
import { waitsFor } from '../parts/waits.js';

const REFRESH = 250;
const RUNNING = 1000;
/** States in which a handler may run, lease or not. */
const MOVING = new Set(['QUEUED', 'RUNNING']);
/** More lines than a job keeps. */
const LINES = 1000;

/** One job, followed until its end. */
class Job extends View {
  lines = [];

  start() {
    onPreference(this.life, () => this.update());
    this.read();
    this.followEvents();
    // Progress, lines and why it waits make no events.
    repeat(RUNNING, this.life, async () => {
      if (this.job && (MOVING.has(this.job.state) || this.job.waitsFor || this.job.stillRunning)) {
        await this.read();
      }
    });
  }

  followEvents() {
    this.stream?.abort();
    this.stream = new AbortController();
    const { stream } = this;
    listen(`v1/jobs/${part(this.name)}/events`, {}, {
      signal: AbortSignal.any([this.life, stream.signal]),
      pause: REFRESH,
      heard: () => this.read(),
      gone: () => stream.abort(),
    });
  }

  async read() {
    const path = `v1/jobs/${part(this.name)}`;
    try {
      const after = this.lines.at(-1)?.number;
      const [whole, life, log] = await Promise.all([
        getWhole(path, this.life), get(`${path}/life`, {}, this.life), get(`${path}/logs`, { after }, this.life),
      ]);
      const newer = log.items.filter((line) => line.number > (this.lines.at(-1)?.number ?? 0));
      this.take(whole);
      this.set({ lifeSpans: life.spans, lines: [...this.lines, ...newer].slice(-LINES), omitted: log.omitted, problem: undefined });
    } catch (failure) {
      if (!this.life.aborted) {
        this.set({ problem: asProblem(failure) });
      }
    }
  }

  /** Takes the job as it was answered, and each of its fields as the text it came in. */
  take({ answer, text: whole }) {
    this.set({ job: answer, sent: fields(whole) });
    document.title = `${answer.type} · Kanal`;
  }

  /** Does something to the job, and shows it as it is then. */
  async act(name) {
    try {
      this.take(await postWhole(`v1/jobs/${part(this.name)}/${name}`));
      this.set({ problem: undefined });
      this.followEvents();
    } catch (failure) {
      this.set({ problem: asProblem(failure) });
    }
  }

  cancel = () => ask({
    title: words.jobPage.cancel, text: words.jobPage.cancelAsk, verb: words.jobPage.cancelVerb, dangerous: true,
    act: async () => {
      this.take(await postWhole(`v1/jobs/${part(this.name)}/cancel`));
    },
  });

  forget = () => ask({
    title: words.jobPage.remove, text: words.jobPage.removeAsk, verb: words.jobPage.remove, dangerous: true,
    act: async () => {
      await remove(`v1/jobs/${part(this.name)}`);
      go(to('jobs'));
    },
  });

  clone = () => ask({
    title: words.jobPage.clone, text: words.jobPage.cloneAsk, verb: words.jobPage.cloneVerb, wide: true,
    fields: html`<label class="field">${words.jobPage.payload}${jsonArea('payload', this.sent.get('payload'), 8)}</label>`,
    act: async (form) => {
      const made = await post('v1/jobs', likeThis(this.sent, jsonTyped(form.elements.payload)));
      go(to('jobs', made.id));
    },
  });

  template() {
    const { job } = this;
    if (!job) {
      return this.problem
        ? this.problem.status === 404
          ? notFound(words.jobPage.missing, html`<a href=${to('jobs')}>${words.pages.jobs}</a>`)
          : html`${head(words.job)}${problemNote(this.problem)}`
        : html`<p class="muted">${words.loading}</p>`;
    }
    return html`
      ${head(html`${job.type} ${stateMark(job.state)}`, html`<span class="mono">${job.id}</span>`, this.actions(job))}
      ${problemNote(this.problem)}
      ${job.stillRunning ? html`<p class="note">${words.jobPage.stillRunning}</p>` : nothing}
      ${job.progress && job.state !== 'SUCCEEDED' ? html`<section class="panel"><div class="row"><h2>${words.jobPage.progress}</h2><span class="num said">${Math.round(job.progress.fraction * 100)} % ${text(job.progress.message ?? '')}</span></div>${bar(job.progress.fraction, 1)}</section>` : nothing}
      ${newestError(job)}
      ${waitsFor(job)}
      <section class="panel">${facts(job)}</section>
      <section class="panel"><h2>${words.jobPage.life}</h2>${lifeLine(this.lifeSpans)}</section>
      <section class="panel"><h2>${words.jobPage.attempts}</h2>${attemptList(job, traceLink)}</section>
      <div class="grid">
        <kanal-payload .name=${words.jobPage.payload} .json=${this.sent.get('payload') ?? 'null'} .switch=${true}></kanal-payload>
        ${job.state === 'SUCCEEDED' ? html`<kanal-payload .name=${words.jobPage.result} .json=${this.sent.get('result') ?? 'null'}></kanal-payload>` : nothing}
      </div>
      <section class="panel"><h2>${words.jobPage.logs}</h2>${logLines(this.lines, this.omitted)}</section>`;
  }

  actions(job) {
    const w = words.jobPage;
    const final = FINAL.has(job.state);
    return html`
      <button @click=${(event) => copy(event, job.id)}>${w.copyId}</button>
      ${traceLink(job.traceId, w.trace)}
      ${mayWrite() ? html`
        ${final && job.state !== 'SUCCEEDED' ? html`<button class="primary" @click=${() => this.act('retry')}>${w.retry}</button>` : nothing}
        ${['SCHEDULED', 'RETRYING'].includes(job.state) ? html`<button class="primary" @click=${() => this.act('run-now')}>${w.runNow}</button>` : nothing}
        <button @click=${this.clone}>${w.clone}</button>
        ${final ? html`<button @click=${this.forget}>${w.remove}</button>` : html`<button @click=${this.cancel}>${w.cancel}</button>`}` : nothing}`;
  }
}

/** To the backend that keeps traces, if one is set. */
function traceLink(traceId, title, looks = '') {
  return ui.traceUrl && traceId
    ? html`<a class="button ${looks}" href=${ui.traceUrl.replace('{traceId}', traceId)} target="_blank" rel="noreferrer">${title} ↗</a>`
    : nothing;
}

function facts(job) {
  const f = words.jobPage.facts;
  const rows = [
    [f.queue, queueLink(job.queue)], [f.priority, job.priority], [f.attempts, `${job.attempt} / ${job.maxAttempts}`],
    [f.createdAt, moment(job.createdAt)], [f.runAt, job.runAt && moment(job.runAt)], [f.deadline, job.deadline && moment(job.deadline)],
    [f.finishedAt, job.finishedAt && moment(job.finishedAt)],
    [f.took, job.finishedAt && span((new Date(job.finishedAt) - new Date(job.createdAt)) / 1000)],
    [f.reason, job.reason && text(job.reason)],
    [f.key, job.key && html`<a href=${to('jobs', '', { key: job.key })}>${text(job.key)}</a>${job.keyLimit > 1 ? ` (${job.keyLimit})` : ''}`],
    [f.parent, job.parent && jobLink(job.parent)],
    [f.schedule, job.schedule && html`<a href=${to('schedules', job.schedule.name)}>${job.schedule.name}</a>`],
    [f.children, html`<a href=${to('jobs', '', { parent: job.id })}>${words.jobPage.showChildren}</a>`],
    [f.traceId, job.traceId && html`<span class="mono">${job.traceId}</span>`],
    [f.tags, Object.keys(job.tags).length > 0 && html`<span class="tags">${tagList(job.tags, (tag) => to('jobs', '', { tag }))}</span>`],
  ];
  return html`<dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const LIKE = ['type', 'queue', 'priority', 'key', 'keyLimit', 'tags', 'timeout', 'retry', 'retention'];

/** A new job like the one that was `sent`, as text: nothing of it is made anew. */
function likeThis(sent, payload) {
  return joined([...LIKE.filter((name) => sent.has(name)).map((name) => [name, sent.get(name)]), ['payload', payload]]);
}

customElements.define('kanal-job', Job);
