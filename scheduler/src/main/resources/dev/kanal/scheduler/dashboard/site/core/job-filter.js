/**
 * The filter of the list of jobs: as the URL has it, as words in the search box, and as the API takes
 * it in a query and in a bulk action.
 */
export const FIELDS = ['queue', 'type', 'key', 'schedule', 'parent', 'failure', 'createdAfter', 'createdBefore'];
const WINDOWS = { '5m': 300, '1h': 3600, '24h': 86_400, '7d': 604_800 };
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What the URL asks for: `states`, `tags`, `within`, and the fields. */
export function fromUrl(query) {
  const filter = { states: query.getAll('state'), tags: query.getAll('tag'), within: query.get('within') ?? '' };
  for (const name of FIELDS) {
    filter[name] = query.get(name) ?? '';
  }
  return filter;
}

export const isEmpty = (filter) =>
  filter.states.length === 0 && filter.tags.length === 0 && !filter.within && FIELDS.every((name) => !filter[name]);

/** For `GET /v1/jobs`; `now` is what `within` counts back from. */
export function asQuery(filter, now = Date.now()) {
  const query = { state: filter.states, tag: filter.tags };
  for (const name of FIELDS) {
    query[name] = filter[name];
  }
  if (WINDOWS[filter.within]) {
    query.createdAfter = new Date(now - WINDOWS[filter.within] * 1000).toISOString();
  }
  if (filter.failure) {
    delete query.state;
  }
  return query;
}

/** For `filter` of a bulk action. */
export function asFilter(filter) {
  const { state, tag, ...rest } = asQuery(filter);
  const body = Object.fromEntries(Object.entries(rest).filter(([, value]) => value));
  if (state?.length) {
    body.state = state;
  }
  if (tag.length) {
    body.tags = Object.fromEntries(tag.map((each) => [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 1)]));
  }
  return body;
}

/**
 * What somebody typed: `{id}` if it is a job's id, else the parameters of the URL that it changes. A bare
 * word is a type, `name:value` a tag, unless the name is a field's.
 */
export function fromText(text) {
  const typed = text.trim();
  if (ID.test(typed)) {
    return { id: typed.toLowerCase() };
  }
  const changes = {};
  const tags = [];
  for (const token of typed.split(/\s+/).filter(Boolean)) {
    const colon = token.indexOf(':');
    const name = token.slice(0, Math.max(0, colon));
    const value = token.slice(colon + 1);
    if (colon < 0) {
      changes.type = token;
    } else if (name === 'state') {
      changes.state = [...(changes.state ?? []), value.toUpperCase()];
    } else if (name === 'tag') {
      tags.push(value);
    } else if (FIELDS.includes(name)) {
      changes[name] = value;
    } else {
      tags.push(token);
    }
  }
  if (tags.length) {
    changes.tag = tags;
  }
  return { changes };
}
