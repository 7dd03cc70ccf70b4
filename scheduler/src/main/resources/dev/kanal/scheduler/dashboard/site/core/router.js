import { address, root } from './api.js';

/**
 * The page's URL as its state: `/PAGE/NAME?QUERY` below the root. Links are ordinary links; clicks
 * on them are taken here, so that the page need not load again.
 */
const changes = new EventTarget();

/** Where we are: `page` (empty for the overview), `name` (empty without one), whether `more` follows, and `query`. */
export function here() {
  const path = location.pathname.slice(root.pathname.length);
  const [page = '', name = '', ...more] = path.split('/');
  return { page, name: decoded(name), more: more.some(Boolean), query: new URLSearchParams(location.search) };
}

/** What is escaped wrongly names itself. */
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function onMove(signal, listener) {
  changes.addEventListener('move', listener, { signal });
}

/** The address of a page, for links. */
export function to(page, name, query) {
  const path = name ? `${page}/${encodeURIComponent(name)}` : page;
  const url = address(path || './', query);
  return url.pathname + url.search;
}

/** Goes to an address made by `to`; `replace` leaves no step to come back to. */
export function go(url, { replace = false } = {}) {
  if (replace) {
    history.replaceState(null, '', url);
  } else {
    history.pushState(null, '', url);
  }
  changes.dispatchEvent(new Event('move'));
}

/** Changes some parameters of the present address; empty values are left out. */
export function refine(parameters, options) {
  const { page, name, query } = here();
  const all = {};
  for (const key of new Set(query.keys())) {
    all[key] = query.getAll(key);
  }
  go(to(page, name, { ...all, ...parameters }), options);
}

export function startRouting() {
  window.addEventListener('popstate', () => changes.dispatchEvent(new Event('move')));
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href]');
    if (
      !link ||
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey || event.ctrlKey || event.shiftKey || event.altKey ||
      link.target || link.hasAttribute('download') ||
      link.origin !== location.origin ||
      !link.pathname.startsWith(root.pathname) ||
      link.getAttribute('href').startsWith('#') ||
      link.dataset.outside !== undefined
    ) {
      return;
    }
    event.preventDefault();
    go(link.pathname + link.search);
    window.scrollTo(0, 0);
  });
}
