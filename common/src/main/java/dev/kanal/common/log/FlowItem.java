package dev.kanal.common.log;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;

/** What a member of a step is about. */
public sealed interface FlowItem {
  /** One of the items of a map. */
  record Value(JsonBytes json) implements FlowItem {}

  /**
   * A job of a group, as it was submitted. It has neither idempotency key nor another origin: a
   * submit that counts as repeated would make no job, and nobody would be told of its end.
   */
  record Whole(JobSpec job) implements FlowItem {
    public Whole {
      if (job.idempotency() != null || job.tick() != null || job.parent() != null) {
        throw new IllegalArgumentException(
            "Expected a job of a group without idempotencyKey and of no other origin, but it has"
                + " one");
      }
    }
  }

  /** About how many bytes it has. */
  default int bytes() {
    return switch (this) {
      case Value(JsonBytes json) -> json.length();
      case Whole(JobSpec job) -> job.payload().length() + WHOLE_BYTES;
    };
  }

  /** About how many bytes a job has beside its payload. */
  int WHOLE_BYTES = 200;
}
