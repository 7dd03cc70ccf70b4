import { values } from './json.js';

/** Where the server's root is: this module stands in `assets/VERSION/core/` below it. */
export const root = new URL('../../../', import.meta.url);

/** What the API answers when it does not do what it was asked. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `Status ${status}`);
    this.status = status;
    this.type = (body.type || '').replace('urn:kanal:problem:', '');
    this.errors = body.errors || [];
    this.traceId = body.traceId;
  }
}

/** `path` below the root, with a query of all parameters that have a value; lists repeat theirs. */
export function address(path, parameters = {}) {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== '') {
        url.searchParams.append(name, each);
      }
    }
  }
  return url;
}

/** What was answered: as values, as the text it came in, and by what tag a later change can name it. */
async function call(method, path, { query, body, signal, headers } = {}) {
  let response;
  try {
    response = await fetch(address(path, query), {
      method,
      signal,
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, {});
  }
  const text = response.status === 204 ? '' : await response.text();
  let answer = {};
  try {
    answer = text ? values(text) : {};
  } catch {
    // What stands between may answer in its own words.
  }
  if (!response.ok) {
    throw new Problem(response.status, answer);
  }
  return { answer, text, tag: response.headers.get('ETag') };
}

const answered = async (...all) => (await call(...all)).answer;

export const get = (path, query, signal) => answered('GET', path, { query, signal });
export const post = (path, body) => answered('POST', path, { body });
export const put = (path, body, headers) => answered('PUT', path, { body, headers });
export const patch = (path, body, headers) => answered('PATCH', path, {
  body, headers: { 'Content-Type': 'application/merge-patch+json', ...headers },
});
export const remove = (path) => answered('DELETE', path);
/** For what users have sent, which is to stay as it came. */
export const getWhole = (path, signal) => call('GET', path, { signal });
export const postWhole = (path) => call('POST', path);

/** A part of a path. */
export const part = encodeURIComponent;
