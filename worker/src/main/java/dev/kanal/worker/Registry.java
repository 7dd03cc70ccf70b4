package dev.kanal.worker;

import dev.kanal.common.job.JobSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The handlers of a worker by type. Filled on one thread before the worker starts. */
final class Registry {
  private final Map<String, Registration<?>> byType = new HashMap<>();

  /**
   * @throws IllegalStateException if another handler has the type
   */
  void add(Registration<?> registration) {
    String type = registration.type();
    if (!JobSpec.TYPE.matcher(type).matches()) {
      throw new IllegalStateException(
          "Expected the type of "
              + registration.handlerClass().getName()
              + " to match "
              + JobSpec.TYPE
              + ", but it is "
              + type);
    }
    Registration<?> other = byType.putIfAbsent(type, registration);
    if (other != null) {
      throw new IllegalStateException(
          "Expected one handler for the type "
              + type
              + ", but both "
              + other.handlerClass().getName()
              + " and "
              + registration.handlerClass().getName()
              + " claim it");
    }
  }

  @Nullable Registration<?> find(String type) {
    return byType.get(type);
  }

  Set<String> types() {
    return new TreeSet<>(byType.keySet());
  }
}
