package dev.kanal.common.log;

/**
 * One run of a worker process.
 *
 * @param name the worker's id, stable across restarts if it is set
 * @param incarnation differs from one start to the next
 */
public record WorkerRef(String name, long incarnation) {
  public static final int NAME_MAX = 200;

  /** Before the incarnation; with it an id stands in a path as it is. */
  private static final char SEPARATOR = '~';

  /**
   * In ids of earlier releases, which cannot stand in a path; still used in keys of {@code
   * kanal.workers}.
   */
  private static final char OLD_SEPARATOR = '#';

  public WorkerRef {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "Expected a worker name of 1 to " + NAME_MAX + " characters, but got " + name.length());
    }
  }

  /** The id that is shown outside: {@code name~incarnation}. */
  @Override
  public String toString() {
    return name + SEPARATOR + Long.toHexString(incarnation);
  }

  /** The key of its records in the topic of workers, the same in all releases. */
  public String recordKey() {
    return name + OLD_SEPARATOR + Long.toHexString(incarnation);
  }

  /** An id as it is shown now, whenever it was written. */
  public static String shown(String written) {
    int at = written.lastIndexOf(OLD_SEPARATOR);
    return at < 0 ? written : written.substring(0, at) + SEPARATOR + written.substring(at + 1);
  }
}
