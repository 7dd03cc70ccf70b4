package dev.kanal.common.log;

/**
 * One run of a worker process.
 *
 * @param name the worker's id, stable across restarts if it is set
 * @param incarnation differs from one start to the next
 */
public record WorkerRef(String name, long incarnation) {
  public static final int NAME_MAX = 200;

  public WorkerRef {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "Expected a worker name of 1 to " + NAME_MAX + " characters, but got " + name.length());
    }
  }

  @Override
  public String toString() {
    return name + "#" + Long.toHexString(incarnation);
  }
}
