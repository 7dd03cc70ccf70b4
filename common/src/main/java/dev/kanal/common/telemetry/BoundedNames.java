package dev.kanal.common.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that users give, as labels: the first ones as they are, all beyond a limit as one. Usable
 * from any thread.
 */
public final class BoundedNames {
  /** How many names a process distinguishes. */
  public static final int MAX = 200;

  public static final String OTHER = "other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /** The name, or {@link #OTHER}. */
  public String of(String name) {
    if (known.contains(name)) {
      return name;
    }
    if (known.size() >= MAX) {
      return OTHER;
    }
    known.add(name);
    return name;
  }
}
