import { getWhole, part, patch, post, put, remove } from '../core/api.js';
import { duration } from '../core/format.js';
import { fields, joined } from '../core/json.js';
import { changed } from '../core/live.js';
import { go, to } from '../core/router.js';
import { html, nothing } from '../core/view.js';
import { words } from '../core/words.js';
import { ask } from './dialog.js';
import { jsonArea, jsonTyped } from './json-area.js';

const w = words.schedules;
const path = (name) => `v1/schedules/${part(name)}`;

/** How often it makes a job, in words and marks. */
export const cadence = (schedule) => schedule.cron
  ? html`<code>${schedule.cron}</code> <span class="muted">${schedule.zone ?? 'UTC'}</span>`
  : html`${w.every(duration(schedule.every))}`;

export const pauseSchedule = (schedule) => ask({
  title: `${w.pause} ${schedule.name}`, text: w.pauseAsk(schedule.name), verb: w.pause,
  act: async () => {
    await post(`${path(schedule.name)}/pause`);
    changed();
  },
});

export const resumeSchedule = (schedule) => ask({
  title: `${w.resume} ${schedule.name}`, text: w.resumeAsk(schedule.name), verb: w.resume,
  act: async () => {
    await post(`${path(schedule.name)}/resume`);
    changed();
  },
});

export const triggerSchedule = (schedule) => ask({
  title: `${w.trigger}: ${schedule.name}`, text: w.triggerAsk(schedule.name), verb: w.trigger,
  act: async () => {
    await post(`${path(schedule.name)}/trigger`);
    changed();
  },
});

export const deleteSchedule = (schedule) => ask({
  title: `${w.remove} ${schedule.name}`, text: w.removeAsk(schedule.name), verb: w.remove, dangerous: true,
  act: async () => {
    await remove(path(schedule.name));
    go(to('schedules'));
  },
});

export const createSchedule = () => ask({
  title: w.create, text: w.createAsk, verb: w.create, wide: true,
  fields: form({ misfire: {} }, '{"type":"echo","payload":null}', true),
  act: async (inputs) => {
    const name = inputs.elements.name.value.trim();
    await put(path(name), joined(settings(inputs.elements)), { 'If-None-Match': '*' });
    go(to('schedules', name));
  },
});

/** The list leaves payloads out, so the schedule is asked for before it is set anew. */
export async function editSchedule(name) {
  const { answer, text, tag } = await getWhole(path(name));
  const sent = fields(text);
  ask({
    title: `${w.edit} ${name}`, text: w.editAsk, verb: words.save, wide: true,
    fields: form(answer, sent.get('job'), false),
    act: async (inputs) => {
      await save(name, settings(inputs.elements, sent), sent, { 'If-Match': tag });
      changed();
    },
    anew: () => editSchedule(name),
  });
}

/**
 * Only what is changed, so that all else stays, whatever it is. A job that is changed goes as a whole,
 * with all that was sent: put together with the one before it, it would keep what was taken away.
 */
async function save(name, set, sent, headers) {
  const changes = new Map(SETTINGS.filter((each) => set.get(each) !== sent.get(each)).map((each) => [each, set.get(each) ?? 'null']));
  if (changes.has('job')) {
    await put(path(name), joined(set), headers);
  } else if (changes.size > 0) {
    await patch(path(name), joined(changes), headers);
  }
}

const choose = (name, values, chosen) => html`
  <label class="field">${w.fields[name]}<select name=${name}>${values.map((value) => html`
    <option value=${value} ?selected=${value === chosen}>${w.policies[value]}</option>`)}</select></label>`;

const input = (name, value, more = '') => html`
  <label class="field">${w.fields[name]}<input name=${name} .value=${value ?? ''} placeholder=${more} autocomplete="off" spellcheck="false"></label>`;

const form = (schedule, job, isNew) => html`
  <div class="fields">
    ${isNew ? html`<label class="field full">${w.fields.name}<input name="name" required pattern="[A-Za-z0-9][A-Za-z0-9._\\-]{0,127}" autocomplete="off"></label>` : nothing}
    ${input('cron', schedule.cron, '0 6 * * MON-FRI')}
    ${input('zone', schedule.cron ? schedule.zone : '', 'UTC')}
    ${input('every', schedule.every, '5m')}
    ${choose('misfire', ['fireOnce', 'skip', 'fireAll'], schedule.misfire.policy)}
    ${choose('concurrencyPolicy', ['allow', 'forbid', 'replace'], schedule.concurrencyPolicy)}
    ${input('startingDeadline', schedule.startingDeadline, 'PT2H')}
    <label class="field full">${w.fields.job}${jsonArea('job', job, 9)}</label>
    ${isNew ? html`<label class="field check"><input type="checkbox" name="paused"> ${w.fields.paused}</label>` : nothing}
  </div>`;

/** What can be set; all else of a schedule is told about it. */
const SETTINGS = ['cron', 'zone', 'every', 'job', 'misfire', 'startingDeadline', 'concurrencyPolicy', 'paused'];
const TEXTS = ['cron', 'zone', 'every', 'startingDeadline'];

/** The schedule as it shall be, in pieces: what the form does not show, or nobody has touched, stays as it was `sent`. */
function settings(inputs, sent = new Map()) {
  const set = new Map(SETTINGS.filter((name) => sent.has(name)).map((name) => [name, sent.get(name)]));
  for (const name of TEXTS) {
    change(set, name, inputs[name].value.trim());
  }
  if (!set.has('cron')) {
    set.delete('zone');
  }
  const misfire = fields(sent.get('misfire') ?? '{}');
  if (change(misfire, 'policy', inputs.misfire.value)) {
    set.set('misfire', joined(misfire));
  }
  change(set, 'concurrencyPolicy', inputs.concurrencyPolicy.value);
  if (inputs.paused) {
    set.set('paused', String(inputs.paused.checked));
  }
  set.set('job', jsonTyped(inputs.job));
  return set;
}

/** What says the same stays as it is; whether it did not. */
function change(pieces, name, text) {
  if (!text) {
    return pieces.delete(name);
  }
  const differs = !pieces.has(name) || JSON.parse(pieces.get(name)) !== text;
  if (differs) {
    pieces.set(name, JSON.stringify(text));
  }
  return differs;
}
