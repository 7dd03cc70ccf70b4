import uPlot from '../lib/uplot/uPlot.esm.js';
import { brief, span, zone } from '../core/format.js';
import { onPreference } from '../core/preferences.js';
import { html, View } from '../core/view.js';
import { words } from '../core/words.js';

const HEIGHT = 168;
/** What an axis has for its labels until they are known. */
const NARROW = 54;
const FONT = '11px system-ui, sans-serif';
/** A chart of few points is no shorter than this, in seconds. */
const SHORTEST = 10;
/** Between what is drawn on one place, the later line shows the edges of the earlier. */
const THIN = 1.5;
const STEP = 1.2;
/** Steps of an axis: whole jobs, and times that read well. Others are those of uPlot. */
const STEPS = new Map([
  [brief, [1, 2, 5].flatMap((each) => Array.from({ length: 10 }, (_, zeros) => each * 10 ** zeros)).sort((a, b) => a - b)],
  [span, [
    ...[0.001, 0.01, 0.1].flatMap((each) => [each, 2 * each, 5 * each]),
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 21_600, 43_200,
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((days) => days * 86_400),
  ]],
]);
/** A line that does not fit is left above the others unless they reach this part of it. */
const FITS = 1 / 4;
const dark = matchMedia('(prefers-color-scheme: dark)');

/**
 * A chart over time. Properties:
 *
 * - `label`: what it shows, with its unit
 * - `lines`: `[{name, color, show}]`, where `show` makes text of a value, and `color` names a token; the
 *   axis need not reach up to one with `above`
 * - `data`: `[times, values, …]`, times in seconds; a line's values in the order of `lines`, null for a gap
 *
 * Below it stand the newest values, or those at the pointer; charts of one page share their pointer.
 */
class Chart extends View {
  start() {
    const resize = new ResizeObserver(() => this.fit());
    resize.observe(this);
    this.life.addEventListener('abort', () => {
      resize.disconnect();
      this.plot?.destroy();
      this.plot = undefined;
    }, { once: true });
    dark.addEventListener('change', () => this.redo(), { signal: this.life });
    onPreference(this.life, () => this.redo());
  }

  set data(data) {
    this.values = data;
    if (this.plot) {
      this.plot.setData(data);
      this.tell();
    } else {
      this.update();
    }
  }

  drawn() {
    if (!this.plot && this.values && this.clientWidth > 0) {
      this.plot = new uPlot(this.options(), this.values, this.querySelector('.plot'));
      this.tell();
    }
  }

  redo() {
    this.plot?.destroy();
    this.plot = undefined;
    this.update();
  }

  fit() {
    if (!this.plot) {
      this.update();
    } else if (this.clientWidth > 0) {
      this.plot.setSize({ width: this.clientWidth, height: HEIGHT });
    }
  }

  options() {
    const token = (name) => getComputedStyle(this).getPropertyValue(`--${name}`).trim();
    const axis = { stroke: token('muted'), grid: { stroke: token('line'), width: 1 }, ticks: { show: false }, font: FONT };
    const { show } = this.lines[0];
    return {
      width: this.clientWidth,
      height: HEIGHT,
      // At its right end half a label stands over.
      padding: [8, 30, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone()),
      legend: { show: false },
      cursor: { sync: { key: 'kanal' }, y: false, points: { size: 6 }, drag: { x: false, y: false } },
      hooks: { setCursor: [() => this.tell()] },
      scales: { x: { range: reach }, y: { range: () => [0, this.top()] } },
      axes: [
        { ...axis, space: 70, size: 24, values: [[86_400, '{MM}-{DD}', null, null, null, null, null, null, 1], [3600, '{HH}:{mm}', null, null, null, null, null, null, 1], [60, '{HH}:{mm}', null, null, null, null, null, null, 1], [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] },
        { ...axis, size: widest, space: 34, ...(STEPS.has(show) ? { incrs: STEPS.get(show) } : {}),
          values: (_, splits) => splits.map((value) => show(value).replace(/\.0+(?=\D|$)/, '')) },
      ],
      series: [{}, ...this.lines.map((line, index) => ({
        label: line.name,
        stroke: token(line.color),
        width: THIN + STEP * Math.min(2, this.lines.length - 1 - index),
        // A line needs two points; one that stands alone is a dot.
        points: { show: true, size: 5, filter: alone },
        fill: line.fill ? token(`${line.color}-soft`) : undefined,
      }))],
    };
  }

  /** Where the axis ends: above all values of the lines that are to fit. */
  top() {
    const highest = (above) => this.lines.reduce((high, line, index) =>
      (Boolean(line.above) === above ? this.values[index + 1].reduce((most, value) => Math.max(most, value ?? 0), high) : high), 0);
    const fit = highest(false);
    const rest = highest(true);
    const high = rest * FITS <= fit ? Math.max(fit, rest) : fit;
    return high > 0 ? high * 1.1 : 1;
  }

  /** Writes the values at the pointer, or the newest, straight into their places. */
  tell() {
    const data = this.values;
    const at = this.plot?.cursor.idx ?? data[0].length - 1;
    this.lines.forEach((line, index) => {
      const place = this.querySelector(`[data-line="${index}"]`);
      if (place) {
        const value = data[index + 1]?.[at];
        const beyond = line.above && value > this.top();
        place.textContent = beyond ? `${line.show(value)} ↑` : line.show(value);
        place.title = beyond ? words.charts.beyond : '';
      }
    });
    const when = this.querySelector('.when');
    if (when) {
      const seconds = this.plot?.cursor.idx == null ? undefined : data[0][at];
      when.textContent = seconds === undefined ? words.charts.newest : whenText(seconds);
    }
  }

  template() {
    return html`
      <figure class="chart" aria-label=${this.label}>
        <figcaption>${this.label}<span class="fine when"></span></figcaption>
        <div class="plot"></div>
        <dl class="legend">
          ${this.lines.map((line, index) => html`
            <div><dt><i class="key ${line.color}"></i>${line.name}</dt><dd class="num" data-line=${index}></dd></div>`)}
        </dl>
      </figure>`;
  }
}

/** By the data alone: of a single point, uPlot would have it reach over years. */
function reach(plot) {
  const [times] = plot.data;
  const end = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? end, end - SHORTEST), end];
}

/** So wide that the longest of the labels fits. */
function widest(plot, labels) {
  if (!labels) {
    return NARROW;
  }
  const canvas = plot.ctx;
  canvas.save();
  canvas.font = FONT;
  const most = Math.max(0, ...labels.map((label) => canvas.measureText(label ?? '').width));
  canvas.restore();
  return Math.ceil(most) + 14;
}

/** The points with a gap on both sides. */
function alone(plot, series) {
  const values = plot.data[series];
  const points = [];
  for (let at = 0; at < values.length; at++) {
    if (values[at] != null && values[at - 1] == null && values[at + 1] == null) {
      points.push(at);
    }
  }
  return points;
}

function whenText(seconds) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), timeStyle: 'medium' }).format(new Date(seconds * 1000)) + ` ${zone()}`;
}

customElements.define('kanal-chart', Chart);
