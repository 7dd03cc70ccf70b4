package dev.kanal.worker.run;

import dev.kanal.common.job.JobSpec;
import dev.kanal.worker.HandlersException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The handlers of a worker by type. Filled on one thread before the worker starts. */
public final class Registry {
  private final Map<String, Registration<?>> byType = new HashMap<>();

  /**
   * @throws HandlersException if another handler has the type
   */
  public void add(Registration<?> registration) {
    String type = registration.type();
    if (!JobSpec.TYPE.matcher(type).matches()) {
      throw new HandlersException(
          "Expected the type of "
              + registration.origin()
              + " to match "
              + JobSpec.TYPE
              + ", but it is "
              + type);
    }
    Registration<?> other = byType.putIfAbsent(type, registration);
    if (other != null) {
      throw new HandlersException(
          "Expected one handler for the type "
              + type
              + ", but both "
              + other.origin()
              + " and "
              + registration.origin()
              + " claim it");
    }
  }

  @Nullable Registration<?> find(String type) {
    return byType.get(type);
  }

  /** The queues that handlers name; none if none does. */
  public Set<String> queues() {
    return byType.values().stream()
        .flatMap(registration -> registration.options().queues().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  public Set<String> types() {
    return new TreeSet<>(byType.keySet());
  }
}
