import { svg, html } from '../core/view.js';

const WIDTH = 96;
const HEIGHT = 24;

/** A small line of values without axes; `label` says it in words. */
export function spark(values, label) {
  const top = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map((value, index) =>
    `${(index * step).toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`);
  return html`
    <svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} role="img" aria-label=${label} preserveAspectRatio="none">
      ${values.length > 1 ? svg`
        <polygon points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}"></polygon>
        <polyline points=${points.join(' ')}></polyline>` : ''}
    </svg>`;
}
