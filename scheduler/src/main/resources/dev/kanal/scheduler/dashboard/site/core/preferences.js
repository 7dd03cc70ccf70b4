/** What a person has chosen in this browser; each has a default and is told of when it changes. */
const changes = new EventTarget();
const defaults = { theme: 'system', payloads: 'shown', zone: 'local' };

export function preference(name) {
  try {
    return localStorage.getItem(`kanal.${name}`) || defaults[name];
  } catch {
    return defaults[name];
  }
}

export function prefer(name, value) {
  try {
    localStorage.setItem(`kanal.${name}`, value);
  } catch {
    // It lasts as long as the page, then.
  }
  if (name === 'theme') {
    applyTheme(value);
  }
  changes.dispatchEvent(new Event('change'));
}

export function onPreference(signal, listener) {
  changes.addEventListener('change', listener, { signal });
}

function applyTheme(value) {
  if (value === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = value;
  }
}
