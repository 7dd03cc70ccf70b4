import uPlot from '../lib/uplot/uPlot.esm.js';
import { zone } from '../core/format.js';
import { onPreference } from '../core/preferences.js';
import { html, View } from '../core/view.js';
import { words } from '../core/words.js';

const HEIGHT = 168;
/** A chart of few points is no shorter than this, in seconds. */
const SHORTEST = 10;
const dark = matchMedia('(prefers-color-scheme: dark)');

/**
 * A chart over time. Properties:
 *
 * - `label`: what it shows, with its unit
 * - `lines`: `[{name, color, show}]`, where `show` makes text of a value, and `color` names a token
 * - `data`: `[times, values, …]`, times in seconds; a line's values in the order of `lines`
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
    const axis = { stroke: token('muted'), grid: { stroke: token('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    const show = this.lines[0].show;
    return {
      width: this.clientWidth,
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone()),
      legend: { show: false },
      cursor: { sync: { key: 'kanal' }, y: false, points: { size: 6 }, drag: { x: false, y: false } },
      hooks: { setCursor: [() => this.tell()] },
      scales: { x: { range: reach }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      axes: [
        { ...axis, space: 70, size: 24, values: [[86_400, '{MM}-{DD}', null, null, null, null, null, null, 1], [3600, '{HH}:{mm}', null, null, null, null, null, null, 1], [60, '{HH}:{mm}', null, null, null, null, null, null, 1], [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] },
        { ...axis, size: 54, space: 34, values: (_, splits) => splits.map((value) => show(value)) },
      ],
      series: [{}, ...this.lines.map((line) => ({
        label: line.name,
        stroke: token(line.color),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
        fill: line.fill ? token(`${line.color}-soft`) : undefined,
      }))],
    };
  }

  /** Writes the values at the pointer, or the newest, straight into their places. */
  tell() {
    const data = this.values;
    const at = this.plot?.cursor.idx ?? data[0].length - 1;
    this.lines.forEach((line, index) => {
      const place = this.querySelector(`[data-line="${index}"]`);
      if (place) {
        place.textContent = line.show(data[index + 1]?.[at]);
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

function whenText(seconds) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), timeStyle: 'medium' }).format(new Date(seconds * 1000)) + ` ${zone()}`;
}

customElements.define('kanal-chart', Chart);
