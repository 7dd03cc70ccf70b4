package dev.kanal.scheduler.engine.row;

/** What a {@code BLOCKED} job waits for. */
public enum Gate {
  /** Its key: jobs of the same key that were submitted before it. */
  KEY(0),
  /** Its queue: a permit or token, the pause switch, or a topic that is not ready. */
  QUEUE(1),
  /** The handler of its attempt before, which ignores its interrupt and holds the job's permit. */
  RUN(2),
  /** A worker that runs its type: there are workers of its queue, and none of them does. */
  TYPE(3);

  private static final Gate[] ALL = values();

  private final int code;

  Gate(int code) {
    this.code = code;
  }

  /** The number in rows, fixed for ever; readers take it as the place in this list. */
  int code() {
    return code;
  }

  static Gate of(int code) {
    return ALL[code];
  }
}
