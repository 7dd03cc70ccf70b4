/**
 * Points of time, kept in columns and bounded: new points are added, those that are too old or too
 * many are dropped, so that a page may stay open for as long as one likes.
 */
export class Series {
  #names;
  #most;
  #gap;
  #columns;

  /** `names` of the columns beside `times`; at most `most` points; more than `gap` seconds without one are a gap. */
  constructor(names, most, gap) {
    this.#names = names;
    this.#most = most;
    this.#gap = gap;
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
    for (let i = from; i < answer.times.length; i++) {
      if (this.length > 0 && answer.times[i] - this.newest > this.#gap) {
        this.#push(this.newest + this.#gap / 2, () => null);
      }
      this.#push(answer.times[i], (name) => answer[name]?.[i] ?? null);
    }
    for (const column of Object.values(this.#columns)) {
      if (column.length > this.#most) {
        column.splice(0, column.length - this.#most);
      }
    }
  }

  #push(time, valueOf) {
    for (const name of this.#names) {
      this.#columns[name].push(valueOf(name));
    }
    this.#columns.times.push(time);
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
