import { get, root } from '../core/api.js';
import { brief, count, percent, rate, span } from '../core/format.js';
import { asProblem, repeat } from '../core/live.js';
import { here, to } from '../core/router.js';
import { Series } from '../core/series.js';
import { html, nothing, View } from '../core/view.js';
import { words } from '../core/words.js';
import { empty, figure, head, problemNote, stateMark, STATES } from '../parts/bits.js';
import '../parts/chart.js';
import { healthLine } from '../parts/health.js';

const COLUMNS = [
  'lag', 'inFlight', 'oldestAgeSeconds', 'arrivalRate', 'completionRate', 'failureRate', 'deadRate',
  'busySlots', 'totalSlots', 'waitP50', 'waitP95', 'waitP99', 'runP50', 'runP95', 'runP99',
];

/** What each choice asks for: the window of the figures, and the points of the charts. */
const WINDOWS = {
  live: { window: '1m', step: '1s', last: '3m', most: 180, gap: 3, pause: 1000, newer: '5s' },
  '15m': { window: '15m', step: '1s', last: '15m', most: 900, gap: 3, pause: 2000, newer: '10s' },
  '24h': { window: '24h', step: '10s', last: '24h', most: 8640, gap: 25, pause: 10_000, newer: '1m' },
};

const perSecond = (value) => rate(value);
const CHARTS = [
  { label: words.charts.rates, of: ['arrivalRate', 'completionRate', 'failureRate', 'deadRate'], lines: [
    { name: words.charts.arriving, color: 'blue', fill: true, show: perSecond },
    { name: words.charts.completed, color: 'green', show: perSecond },
    { name: words.charts.failed, color: 'amber', show: perSecond },
    { name: words.charts.dead, color: 'red', show: perSecond }] },
  { label: words.charts.lag, of: ['lag', 'inFlight'], lines: [
    { name: words.charts.waiting, color: 'blue', fill: true, show: brief },
    { name: words.charts.running, color: 'green', show: brief }] },
  { label: words.charts.latency, of: ['waitP99', 'waitP95', 'waitP50'], lines: percentiles() },
  { label: words.charts.run, of: ['runP99', 'runP95', 'runP50'], lines: percentiles() },
  { label: words.charts.age, of: ['oldestAgeSeconds'], lines: [
    { name: words.charts.oldest, color: 'blue', fill: true, show: span }] },
  { label: words.charts.slots, of: ['totalSlots', 'busySlots'], lines: [
    { name: words.charts.total, color: 'muted', above: true, show: brief },
    { name: words.charts.busy, color: 'green', show: brief }] },
];

/** The highest is drawn first, and widest: where they are one, all are seen. */
function percentiles() {
  return [['p99', 'amber'], ['p95', 'violet'], ['p50', 'blue']].map(([name, color]) => ({ name, color, show: span }));
}

class Overview extends View {
  start() {
    this.moved();
  }

  /** Which time is shown, from the URL; asks anew if it is another. */
  moved() {
    const asked = here().query.get('window');
    const chosen = WINDOWS[asked] ? asked : 'live';
    if (chosen === this.chosen) {
      return;
    }
    this.chosen = chosen;
    this.round?.abort();
    this.round = new AbortController();
    this.series = new Series(COLUMNS, WINDOWS[chosen].most, WINDOWS[chosen].gap);
    this.set({ stats: undefined });
    const signal = AbortSignal.any([this.life, this.round.signal]);
    repeat(WINDOWS[chosen].pause, signal, () => this.read(WINDOWS[chosen], signal));
  }

  async read({ window, step, last, newer }, signal) {
    try {
      const [stats, points] = await Promise.all([
        get('v1/stats', { window }, signal),
        get('v1/stats/series', { step, last: this.gap() ? last : newer }, signal),
      ]);
      this.series.add(points);
      this.set({ stats, problem: undefined });
    } catch (failure) {
      if (!signal.aborted) {
        this.set({ problem: asProblem(failure) });
      }
    }
  }

  /** Whether more is missing than the newest points: at first, and after the page was hidden. */
  gap() {
    const { pause } = WINDOWS[this.chosen];
    return Date.now() / 1000 - this.series.newest > 5 + (2 * pause) / 1000;
  }

  drawn() {
    this.querySelectorAll('kanal-chart').forEach((chart, index) => {
      if (this.series.length > 0) {
        chart.data = this.series.columns(...CHARTS[index].of);
      }
    });
  }

  template() {
    const { stats } = this;
    return html`
      ${head(words.pages[''], nothing, html`
        <div class="toggle" role="group" aria-label=${words.overview.window}>
          ${Object.entries(words.overview.windows).map(([name, title]) => html`
            <a href=${to('', '', { window: name === 'live' ? '' : name })} aria-current=${this.chosen === name}>${title}</a>`)}
        </div>`)}
      ${this.problem?.status === 404
        ? html`<p class="note">${words.problems.stats}</p>` : problemNote(this.problem)}
      ${stats && isNew(stats) ? html`<section class="panel">${empty(words.overview.first, words.commands.job(root.href))}</section>` : nothing}
      ${stats && !isNew(stats) ? healthLine(stats.health) : nothing}
      ${this.figures(stats)}
      <div class="grid">
        ${CHARTS.map((chart) => html`<section class="panel"><kanal-chart .label=${chart.label} .lines=${chart.lines}></kanal-chart></section>`)}
      </div>
      <div class="grid">
        ${this.latency(stats)}
        <section class="panel"><h2>${words.overview.states}</h2>
          <ul class="states">${STATES.map((state) => html`
            <li><a href=${to('jobs', '', { state })}>${stateMark(state)}</a><span class="num">${count(stats?.states[state])}</span></li>`)}</ul>
        </section>
      </div>
      <p class="fine">${this.chosen === 'live' ? words.overview.lastMinute : stats ? words.overview.covered(span(Math.round(stats.coveredSeconds))) : '\u00a0'}</p>`;
  }

  figures(stats) {
    const w = words.overview;
    const rates = stats?.rates;
    const perSecond = { unit: w.perSecond };
    return html`
      <dl class="figures">
        ${figure(w.arrival, rate(rates?.arrivalRate), perSecond)}
        ${figure(w.completion, rate(rates?.completionRate), perSecond)}
        ${figure(w.failure, rate(rates?.failureRate), perSecond)}
        ${figure(w.dead, rate(rates?.deadRate), { ...perSecond, kind: rates?.deadRate > 0 ? 'bad' : '' })}
        ${figure(w.success, percent(stats?.successRatio))}
        ${figure(w.lag, brief(stats?.lag), { unit: w.jobs, title: count(stats?.lag) })}
        ${figure(w.age, span(stats?.oldestAgeSeconds))}
        ${figure(w.running, brief(stats?.inFlight), { unit: w.jobs })}
        ${figure(w.waiting, brief(stats && stats.waiting - stats.blocked.total), { unit: w.jobs })}
        ${figure(w.blocked, brief(stats?.blocked.total), { unit: w.jobs })}
        ${figure(w.slots, brief(stats?.slots.busy), { unit: `/ ${brief(stats?.slots.total)}` })}
      </dl>`;
  }

  latency(stats) {
    const w = words.overview;
    const rows = [[w.wait, 'wait', w.waitTitle], [w.run, 'run', w.runTitle], [w.end, 'total', w.endTitle]];
    return html`
      <section class="panel flush"><h2>${w.latency}</h2>
        <div class="scroll" tabindex="0"><table>
          <thead><tr><th><span class="hidden">${words.overview.kind}</span></th><th class="end">p50</th><th class="end">p95</th><th class="end">p99</th><th class="end">${w.attempts}</th></tr></thead>
          <tbody>${rows.map(([name, key, title]) => html`
            <tr><th scope="row" title=${title}>${name}</th>
              ${['p50', 'p95', 'p99'].map((p) => html`<td class="end tight">${span(stats?.latency[key][p])}</td>`)}
              <td class="end">${brief(stats?.latency[key].count)}</td></tr>`)}
          </tbody></table></div>
      </section>`;
  }
}

const isNew = (stats) => STATES.every((state) => stats.states[state] === 0);

customElements.define('kanal-overview', Overview);
