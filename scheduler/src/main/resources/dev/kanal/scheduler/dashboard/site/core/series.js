/**
 * Points of time, kept in columns and bounded: new points are added, those that are too old or too
 * many are dropped, so that a page may stay open for as long as one likes.
 */
export class Series {
  #names;
  #most;
  #columns;

  /** `names` of the columns beside `times`; at most `most` points. */
  constructor(names, most) {
    this.#names = names;
    this.#most = most;
    this.clear();
  }

  clear() {
    this.#columns = { times: [] };
    for (const name of this.#names) {
      this.#columns[name] = [];
    }
  }

  get length() {
    return this.#columns.times.length;
  }

  /** The time of the newest point, in seconds. */
  get newest() {
    return this.#columns.times.at(-1) ?? 0;
  }

  /** Takes an answer of the API with the same columns, as far as it is newer than what is here. */
  add(answer) {
    const from = answer.times.findIndex((time) => time > this.newest);
    if (from < 0) {
      return;
    }
    for (const [name, column] of Object.entries(this.#columns)) {
      for (let i = from; i < answer.times.length; i++) {
        column.push(answer[name]?.[i] ?? null);
      }
      if (column.length > this.#most) {
        column.splice(0, column.length - this.#most);
      }
    }
  }

  /** Columns for a chart: the times, and those named. */
  columns(...names) {
    return [this.#columns.times, ...names.map((name) => this.#columns[name])];
  }

  /** The last values of a column. */
  last(name, number) {
    return this.#columns[name].slice(-number);
  }
}
