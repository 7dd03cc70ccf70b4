import { preference } from './preferences.js';

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const nothingKnown = '–';

const known = (value) => value !== undefined && value !== null && !Number.isNaN(value);

/** 1,234 */
export const count = (value) => (known(value) ? whole.format(value) : nothingKnown);

/** 1,234, and 12.3K from ten thousand on, for narrow places. */
export const brief = (value) =>
  known(value) ? (value < 10_000 ? whole.format(value) : short.format(value)) : nothingKnown;

/** A number a second, without its unit. */
export function rate(value) {
  if (!known(value)) {
    return nothingKnown;
  }
  if (value === 0) {
    return '0';
  }
  if (value < 0.01) {
    return '<0.01';
  }
  return value < 10 ? value.toFixed(value < 1 ? 2 : 1) : brief(Math.round(value));
}

export function percent(ratio) {
  if (!known(ratio)) {
    return nothingKnown;
  }
  const value = ratio * 100;
  // What is not whole does not look whole.
  return value > 99.9 && value < 100 ? '>99.9 %' : `${value.toFixed(value === 100 || value === 0 ? 0 : 1)} %`;
}

/** Seconds in the unit that fits: 3 ms, 1.2 s, 4 min 5 s, 3 h 2 min, 5 d 4 h. */
export function span(seconds) {
  if (!known(seconds)) {
    return nothingKnown;
  }
  const s = Math.abs(seconds);
  if (s === 0) {
    return '0 s';
  }
  if (s < 0.001) {
    return '<1 ms';
  }
  if (s < 1) {
    return `${Math.round(s * 1000)} ms`;
  }
  if (s < 60) {
    return `${s < 10 ? s.toFixed(1) : Math.round(s)} s`;
  }
  const pair = (big, bigUnit, small, smallUnit) =>
    small > 0 ? `${big} ${bigUnit} ${small} ${smallUnit}` : `${big} ${bigUnit}`;
  const all = Math.round(s);
  if (all < 3600) {
    return pair(Math.floor(all / 60), 'min', all % 60, 's');
  }
  if (all < 86_400) {
    return pair(Math.floor(all / 3600), 'h', Math.floor((all % 3600) / 60), 'min');
  }
  return pair(Math.floor(all / 86_400), 'd', Math.floor((all % 86_400) / 3600), 'h');
}

/** The zone that times are shown in. */
export const zone = () =>
  preference('zone') === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;

function parts(date, options) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone(), ...options }).format(date);
}

/** 2030-01-31 12:00:00 in the zone that is shown. */
export const time = (value) =>
  value ? parts(new Date(value), { dateStyle: 'short', timeStyle: 'medium' }) : nothingKnown;

/** 12:00:00.123, for what follows in quick steps. */
export const clock = (value) =>
  value
    ? parts(new Date(value), {
        hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3,
      }).replace(',', '.')
    : nothingKnown;

/** How long ago, or how far ahead. */
export function ago(value, now = Date.now()) {
  if (!value) {
    return nothingKnown;
  }
  const seconds = Math.round((now - new Date(value)) / 1000);
  if (Math.abs(seconds) < 1) {
    return 'now';
  }
  const whole = Math.abs(seconds);
  const rough =
    whole < 60 ? `${whole} s` :
    whole < 3600 ? `${Math.floor(whole / 60)} min` :
    whole < 86_400 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 86_400)} d`;
  return seconds > 0 ? `${rough} ago` : `in ${rough}`;
}

/** PT1M30S as 1 min 30 s; what is no such duration stays as it is. */
export function duration(text) {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text || '');
  if (!match) {
    return text || nothingKnown;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((each) => Number(each || 0));
  return span(days * 86_400 + hours * 3600 + minutes * 60 + seconds);
}

/** The end of an id, which tells it from others; ids begin with their time. */
export const shortId = (id) => `…${id.slice(-12)}`;
