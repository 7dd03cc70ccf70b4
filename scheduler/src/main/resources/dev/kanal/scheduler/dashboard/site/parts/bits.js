import { ago, count, shortId, time } from '../core/format.js';
import { to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { text, visible } from '../core/visible.js';
import { words } from '../core/words.js';

/** Small pieces that many pages show. */

export const STATES = [
  'SCHEDULED', 'BLOCKED', 'QUEUED', 'RUNNING', 'RETRYING', 'SUCCEEDED', 'DEAD', 'CANCELLED', 'EXPIRED',
];
export const FINAL = new Set(['SUCCEEDED', 'DEAD', 'CANCELLED', 'EXPIRED']);

export const stateMark = (state) =>
  html`<span class="state ${state.toLowerCase()}">${words.states[state] ?? state}</span>`;

export const jobLink = (id) =>
  html`<a class="mono" href=${to('jobs', id)} title=${id} aria-label="${words.job} ${id}">${shortId(id)}</a>`;

export const queueLink = (name) => html`<a href=${to('queues', name)}>${name}</a>`;

export const since = (value) =>
  value ? html`<time datetime=${value} title=${time(value)}>${ago(value)}</time>` : nothing;

export const moment = (value) =>
  value ? html`<time datetime=${value} title=${ago(value)}>${time(value)}</time>` : '–';

/** A page's head: its name, what it says of itself, and what can be done. */
export const head = (title, detail, actions = nothing) => html`
  <div class="head">
    <div><h1>${title}</h1>${detail ? html`<p class="detail">${detail}</p>` : nothing}</div>
    <div class="actions">${actions}</div>
  </div>`;

/** Where one has come to nothing: a page that there is not, or a thing. */
export const notFound = (said, link) => html`
  ${head(words.notFound.title)}
  <section class="panel">
    <div class="empty"><p>${said}</p>${link}</div>
  </section>`;

/** A number with its name and unit; it takes the same room whatever it is. */
export const figure = (name, value, { unit = '', kind = '', title = '' } = {}) => html`
  <div class="figure ${kind}" title=${title}>
    <dt>${name}</dt>
    <dd><span class="value">${value}</span>${unit ? html` <span class="unit">${unit}</span>` : nothing}</dd>
  </div>`;

/** Why something could not be done or shown, in its place. */
export function problemNote(problem, doing) {
  if (!problem) {
    return nothing;
  }
  const known =
    problem.status === 0 && problem.message === 'Status 0' ? words.problems.unreachable :
    problem.status === 404 && doing === 'page' ? words.problems.missingCall : problem.message;
  return html`
    <div class="note bad" role="alert">
      <strong>${words.problems.title}</strong> ${text(known)}
      ${problem.errors.length ? html`<ul>${problem.errors.map((each) =>
        html`<li><code>${text(each.pointer || '/')}</code> ${text(each.detail)}</li>`)}</ul>` : nothing}
      ${problem.traceId ? html`<span class="fine">${words.problems.trace} <code>${problem.traceId}</code></span>` : nothing}
    </div>`;
}

/** What to do first, where there is nothing yet. */
export const empty = (said, command) => html`
  <div class="empty">
    <p>${said}</p>
    ${command ? html`<div class="command"><pre tabindex="0">${command}</pre>
      <button class="small" @click=${(event) => copy(event, command)}>${words.copy}</button></div>` : nothing}
  </div>`;

export async function copy(event, copied) {
  const button = event.currentTarget;
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(copied);
    button.textContent = words.copied;
  } catch {
    button.textContent = words.notCopied;
  }
  setTimeout(() => (button.textContent = said), 1500);
}

/** How much of something is done or used. */
export const bar = (part, whole, label) => html`
  <span class="bar" role="img" aria-label=${label ?? `${count(part)} / ${count(whole)}`}>
    <span .style=${`width:${whole > 0 ? Math.min(100, (100 * part) / whole) : 0}%`}></span>
  </span>`;

export const tagList = (tags, link) => Object.entries(tags ?? {}).map(([name, value]) => html`
  <a class="tag" href=${link(`${name}:${value}`)} title=${visible(`${name}: ${value}`)}>${text(name)}<b>${text(value)}</b></a>`);
