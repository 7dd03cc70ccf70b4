import { address, get, Problem } from './api.js';

/** Says that something was changed here, so that what is shown is asked for at once. */
export const changed = () => document.dispatchEvent(new Event('kanal-changed'));

/**
 * Calls `work` now and then again and again, `pause` ms after each end, until `signal` aborts; not
 * while the page is hidden, but at once when it is seen again or something was `changed`. `work`
 * gets the signal, and fails only for reasons of its own.
 */
export function repeat(pause, signal, work) {
  let timer;
  let running = false;
  let again = false;
  const run = async () => {
    clearTimeout(timer);
    if (signal.aborted || document.hidden) {
      return;
    }
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work(signal);
    } finally {
      running = false;
      if (!signal.aborted) {
        timer = setTimeout(run, again ? 0 : pause);
        again = false;
      }
    }
  };
  document.addEventListener('visibilitychange', run, { signal });
  document.addEventListener('kanal-changed', run, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  run();
}

/**
 * Keeps `view[name]` at what `read` finds, and `view.problem` at why it could not. What was known
 * stays while the server cannot be asked.
 */
export function follow(view, name, pause, read) {
  repeat(pause, view.life, async (signal) => {
    try {
      const value = await read(signal);
      if (!signal.aborted) {
        view.set({ [name]: value, problem: undefined });
      }
    } catch (failure) {
      if (!signal.aborted) {
        view.set({ problem: asProblem(failure) });
      }
    }
  });
}

export function asProblem(failure) {
  if (failure instanceof Problem) {
    return failure;
  }
  console.error(failure);
  return new Problem(0, { detail: String(failure.message || failure) });
}

/**
 * Listens to server-sent events while the page can be seen. Calls `heard` at most every `pause` ms,
 * however many events come. `gone` learns when the stream has been shut by the server.
 */
export function listen(path, query, { signal, pause, heard, gone }) {
  let source;
  let timer;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      heard();
    }, pause);
  };
  const open = () => {
    source?.close();
    source = undefined;
    if (document.hidden || signal.aborted) {
      return;
    }
    source = new EventSource(address(path, query));
    source.addEventListener('state', soon);
    source.addEventListener('gap', soon);
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) {
        gone?.();
      }
    });
  };
  document.addEventListener('visibilitychange', () => {
    open();
    if (!document.hidden) {
      soon();
    }
  }, { signal });
  signal.addEventListener('abort', () => {
    source?.close();
    clearTimeout(timer);
  }, { once: true });
  open();
}

/** The settings of this dashboard; until they are known, and with an older server, actions are on. */
export const ui = { mode: 'on', version: '', traceUrl: '' };

export async function loadUi() {
  try {
    Object.assign(ui, await get('v1/ui'));
  } catch {
    // A server that cannot say so has no such settings.
  }
}

export const mayWrite = () => ui.mode === 'on';
