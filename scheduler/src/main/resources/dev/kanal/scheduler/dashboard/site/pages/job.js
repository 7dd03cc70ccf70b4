import { get, part, post, remove } from '../core/api.js';
import { span } from '../core/format.js';
import { jsonText } from '../core/json-text.js';
import { asProblem, listen, mayWrite, repeat, ui } from '../core/live.js';
import { onPreference, prefer, preference } from '../core/preferences.js';
import { go, to } from '../core/router.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { attemptList } from '../parts/attempts.js';
import { bar, copy, FINAL, head, jobLink, moment, problemNote, queueLink, stateMark, tagList } from '../parts/bits.js';
import { ask } from '../parts/dialog.js';
import { lifeLine } from '../parts/life.js';
import { logLines } from '../parts/log.js';
import { tree } from '../parts/tree.js';

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
    // Progress and lines make no events.
    repeat(RUNNING, this.life, async () => {
      if (this.job && (MOVING.has(this.job.state) || this.job.stillRunning)) {
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
      const [job, life, log] = await Promise.all([
        get(path, {}, this.life), get(`${path}/life`, {}, this.life), get(`${path}/logs`, { after }, this.life),
      ]);
      const newer = log.items.filter((line) => line.number > (this.lines.at(-1)?.number ?? 0));
      this.set({ job, lifeSpans: life.spans, lines: [...this.lines, ...newer].slice(-LINES), omitted: log.omitted, problem: undefined });
      document.title = `${job.type} · Kanal`;
    } catch (failure) {
      if (!this.life.aborted) {
        this.set({ problem: asProblem(failure) });
      }
    }
  }

  /** Does something to the job, and shows it as it is then. */
  async act(name) {
    try {
      const job = await post(`v1/jobs/${part(this.name)}/${name}`);
      this.set({ job, problem: undefined });
      this.followEvents();
    } catch (failure) {
      this.set({ problem: asProblem(failure) });
    }
  }

  cancel = () => ask({
    title: words.jobPage.cancel, text: words.jobPage.cancelAsk, verb: words.jobPage.cancelVerb, dangerous: true,
    act: async () => {
      this.set({ job: await post(`v1/jobs/${part(this.name)}/cancel`) });
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
    fields: html`<label class="field">${words.jobPage.payload}
      <textarea name="payload" rows="8" spellcheck="false" .value=${JSON.stringify(this.job.payload, null, 2)}></textarea></label>`,
    act: async (form) => {
      const made = await post('v1/jobs', likeThis(this.job, form.elements.payload.value));
      go(to('jobs', made.id));
    },
  });

  template() {
    const { job } = this;
    if (!job) {
      return this.problem
        ? html`${head(words.job)}${this.problem.status === 404 ? html`<p class="note">${words.jobPage.missing}</p>` : problemNote(this.problem)}`
        : html`<p class="muted">${words.loading}</p>`;
    }
    return html`
      ${head(html`${job.type} ${stateMark(job.state)}`, html`<span class="mono">${job.id}</span>`, this.actions(job))}
      ${problemNote(this.problem)}
      ${job.stillRunning ? html`<p class="note">${words.jobPage.stillRunning}</p>` : nothing}
      ${job.progress && job.state !== 'SUCCEEDED' ? html`<section class="panel"><div class="row"><h2>${words.jobPage.progress}</h2><span class="num">${Math.round(job.progress.fraction * 100)} % ${job.progress.message ?? ''}</span></div>${bar(job.progress.fraction, 1)}</section>` : nothing}
      <section class="panel">${facts(job)}</section>
      <section class="panel"><h2>${words.jobPage.life}</h2>${lifeLine(this.lifeSpans)}</section>
      <section class="panel"><h2>${words.jobPage.attempts}</h2>${attemptList(job, traceLink)}</section>
      <div class="grid">
        ${this.data(words.jobPage.payload, job.payload, true)}
        ${job.state === 'SUCCEEDED' ? this.data(words.jobPage.result, job.result, false) : nothing}
      </div>
      <section class="panel"><h2>${words.jobPage.logs}</h2>${logLines(this.lines, this.omitted)}</section>`;
  }

  data(title, value, first) {
    const hidden = preference('payloads') === 'hidden';
    return html`
      <section class="panel">
        <div class="row"><h2>${title}</h2>
          ${first ? html`<button class="plain" @click=${() => prefer('payloads', hidden ? 'shown' : 'hidden')}>${hidden ? words.jobPage.show : words.jobPage.hide}</button>` : nothing}</div>
        ${hidden ? html`<p class="muted">${words.jobPage.hidden}</p>` : tree(value ?? null)}
      </section>`;
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
    [f.reason, job.reason],
    [f.key, job.key && html`<a href=${to('jobs', '', { key: job.key })}>${job.key}</a>${job.keyLimit > 1 ? ` (${job.keyLimit})` : ''}`],
    [f.parent, job.parent && jobLink(job.parent)],
    [f.schedule, job.schedule && html`<a href=${to('schedules', job.schedule.name)}>${job.schedule.name}</a>`],
    [f.children, html`<a href=${to('jobs', '', { parent: job.id })}>${words.jobPage.showChildren}</a>`],
    [f.traceId, job.traceId && html`<span class="mono">${job.traceId}</span>`],
    [f.tags, Object.keys(job.tags).length > 0 && html`<span class="tags">${tagList(job.tags, (tag) => to('jobs', '', { tag }))}</span>`],
  ];
  return html`<dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A new job like `job`, as text, so that the payload goes as it was typed. */
function likeThis(job, payload) {
  const { type, queue, priority, key, keyLimit, tags, timeout, retry, retention } = job;
  const rest = JSON.stringify({ type, queue, priority, key, keyLimit, tags, timeout, retry, retention });
  return `${rest.slice(0, -1)},"payload":${jsonText(payload)}}`;
}

customElements.define('kanal-job', Job);
