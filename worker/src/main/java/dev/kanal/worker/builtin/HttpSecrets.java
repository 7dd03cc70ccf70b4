package dev.kanal.worker.builtin;

import dev.kanal.worker.JobFailed;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one call: read when it is made, and cut out of all that is reported about it.
 * Belongs to one thread.
 */
final class HttpSecrets {
  private static final String VARIABLE = "KANAL_SECRET_";
  private static final String MASK = "****";

  private final Function<String, @Nullable String> environment;
  private final Set<String> read = new HashSet<>();

  HttpSecrets(Function<String, @Nullable String> environment) {
    this.environment = environment;
  }

  /** The value of a secret. */
  String named(String name) throws JobFailed {
    String value = environment.apply(VARIABLE + name);
    if (value == null || value.isEmpty()) {
      throw new JobFailed(
          "unknown-secret",
          "Expected secret " + name + " in the worker's environment, but it is not there",
          false);
    }
    read.add(value);
    return value;
  }

  /** The text without the secrets that were read. */
  String masked(String text) {
    String masked = text;
    for (String value : read) {
      masked = masked.replace(value, MASK);
    }
    return masked;
  }
}
