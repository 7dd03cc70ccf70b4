/**
 * The filter of the list of jobs: as the URL has it, as words in the search box, and as the API takes
 * it in a query and in a bulk action.
 */
export const FIELDS = ['queue', 'type', 'key', 'schedule', 'parent', 'failure', 'createdAfter', 'createdBefore'];
const WINDOWS = { '5m': 300, '1h': 3600, '24h': 86_400, '7d': 604_800 };
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Words; what stands in quotes is one. */
const WORD = /(?:"[^"]*"?|[^\s"])+/g;
/** As the list shows the end of an id. */
const SHORTENED = /^(?:…|\.\.\.)/;

/** What the URL asks for: `states`, `tags`, `find`, `within`, and the fields. */
export function fromUrl(query) {
  const filter = { states: query.getAll('state'), tags: query.getAll('tag'), find: query.getAll('find'), within: query.get('within') ?? '' };
  for (const name of FIELDS) {
    filter[name] = query.get(name) ?? '';
  }
  return filter;
}

export const isEmpty = (filter) =>
  filter.states.length === 0 && filter.tags.length === 0 && filter.find.length === 0 && !filter.within && FIELDS.every((name) => !filter[name]);

/** For `GET /v1/jobs`; `now` is what `within` counts back from. */
export function asQuery(filter, now = Date.now()) {
  const query = { state: filter.states, tag: filter.tags, find: filter.find };
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

/** Bulk actions take all but `find`. */
export const isForBulk = (filter) => !isEmpty(filter) && filter.find.length === 0;

/** For `filter` of a bulk action. */
export function asFilter(filter) {
  const { state, tag, find, ...rest } = asQuery(filter);
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
 * What somebody typed: `{id}` if it is a job's id, else the parameters of the URL that it changes; those
 * of lists are to be added to what is there. `name:value` is a tag, unless the name is a field's; a bare
 * word, or one in quotes, is to be found: the end of an id, a type, a key, or the value of a tag.
 */
export function fromText(text) {
  const typed = text.trim().replace(/^id:/, '');
  if (ID.test(typed)) {
    return { id: typed.toLowerCase() };
  }
  const changes = {};
  const add = (list, value) => (changes[list] = [...(changes[list] ?? []), value]);
  for (const word of typed.match(WORD) ?? []) {
    const bare = word.replaceAll('"', '');
    const colon = word.startsWith('"') ? -1 : bare.indexOf(':');
    const name = bare.slice(0, Math.max(0, colon));
    const value = bare.slice(colon + 1);
    if (!bare) {
      continue;
    } else if (colon < 1) {
      add('find', bare.replace(SHORTENED, ''));
    } else if (name === 'state') {
      add('state', value.toUpperCase());
    } else if (name === 'tag') {
      add('tag', value);
    } else if (FIELDS.includes(name)) {
      changes[name] = value;
    } else {
      add('tag', bare);
    }
  }
  return { changes };
}
