package dev.kanal.scheduler.api.http;

import dev.kanal.common.job.JobId;
import org.jspecify.annotations.Nullable;

/** Reads what stands in the paths of calls. */
public final class Paths {
  private Paths() {}

  /** The job or bulk action that a text names; null if that is no id. */
  public static @Nullable JobId id(String text) {
    try {
      return JobId.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
