import { get, part, patch, post, put, remove } from '../core/api.js';
import { count } from '../core/format.js';
import { changed } from '../core/live.js';
import { go, to } from '../core/router.js';
import { html } from '../core/view.js';
import { words } from '../core/words.js';
import { watch } from './bulk.js';
import { ask } from './dialog.js';

const w = words.queues;
const path = (queue) => `v1/queues/${part(queue.name)}`;

export function pauseQueue(queue) {
  ask({
    title: `${w.pause} ${queue.name}`,
    text: w.pauseAsk(queue.name, count(queue.lag), queue.lag),
    verb: w.pause,
    act: async () => {
      await post(`${path(queue)}/pause`);
      queue.paused = true;
      changed();
    },
  });
}

export function resumeQueue(queue) {
  ask({
    title: `${w.resume} ${queue.name}`,
    text: words.queues.resumeAsk(queue.name, count(queue.lag), queue.lag),
    verb: w.resume,
    act: async () => {
      await post(`${path(queue)}/resume`);
      queue.paused = false;
      changed();
    },
  });
}

export function purgeQueue(queue) {
  const waiting = queue.lag + queue.waiting;
  ask({
    title: `${w.purge} ${queue.name}`,
    text: w.purgeAsk(queue.name, count(waiting), waiting),
    verb: w.purge,
    dangerous: true,
    act: async () => watch(await post(`${path(queue)}/purge`)),
  });
}

export function deleteQueue(queue) {
  ask({
    title: `${w.remove} ${queue.name}`,
    text: w.removeAsk(queue.name),
    verb: w.remove,
    dangerous: true,
    act: async () => {
      await remove(path(queue));
      go(to('queues'));
    },
  });
}

export function createQueue() {
  ask({
    title: w.create,
    text: w.createAsk,
    fields: html`<label class="field">${w.nameLabel}<input name="name" required pattern="[a-z0-9\\-]{1,63}" maxlength="63" autocomplete="off"></label>`,
    verb: w.create,
    act: async (form) => {
      const name = form.elements.name.value;
      await put(`v1/queues/${part(name)}`, {});
      go(to('queues', name));
    },
  });
}

/** What can be set, by where it stands in the settings, with the kind of its input. */
const FIELDS = [
  ['partitions', ['partitions'], 'number'], ['capacity', ['capacity'], 'number'],
  ['concurrency', ['concurrency'], 'number'], ['weight', ['weight'], 'number'],
  ['permits', ['rate', 'permits'], 'number'], ['per', ['rate', 'per'], 'text'],
  ['minWorkers', ['scaling', 'minWorkers'], 'number'], ['maxWorkers', ['scaling', 'maxWorkers'], 'number'],
  ['targetSeconds', ['scaling', 'targetSeconds'], 'number'],
  ['maxAttempts', ['defaults', 'retry', 'maxAttempts'], 'number'], ['timeout', ['defaults', 'timeout'], 'text'],
];

export function queueSettings(queue) {
  ask({
    title: `${w.settings} of ${queue.name}`,
    text: w.settingsAsk,
    wide: true,
    fields: html`
      <div class="fields">
        ${FIELDS.map(([name, where, type]) => html`
          <label class="field">${words.queue.fields[name]}
            <input name=${name} type=${type} min="0" .value=${String(at(queue, where) ?? '')} autocomplete="off"></label>`)}
        <label class="field check"><input type="checkbox" name="strict" .checked=${queue.strict}> ${words.queue.fields.strict}</label>
      </div>`,
    verb: words.save,
    act: async (form) => {
      const changes = changesOf(queue, form.elements);
      if (Object.keys(changes).length > 0) {
        await patch(path(queue), changes, { 'If-Match': `"${queue.revision}"` });
      }
      changed();
    },
    anew: async () => queueSettings(await get(path(queue))),
  });
}

const at = (object, where) => where.reduce((value, name) => value?.[name], object);

/** What was typed that is not so already, as a merge patch: what is taken away is `null`. */
function changesOf(queue, inputs) {
  const changes = {};
  for (const [name, where, type] of FIELDS) {
    const text = inputs[name].value.trim();
    if (text !== String(at(queue, where) ?? '')) {
      const parent = where.slice(0, -1).reduce((object, key) => (object[key] ??= {}), changes);
      parent[where.at(-1)] = text === '' ? null : type === 'number' ? Number(text) : text;
    }
  }
  if (changes.rate && !inputs.permits.value.trim() && !inputs.per.value.trim()) {
    changes.rate = null;
  }
  if (inputs.strict.checked !== Boolean(queue.strict)) {
    changes.strict = inputs.strict.checked;
  }
  return changes;
}
