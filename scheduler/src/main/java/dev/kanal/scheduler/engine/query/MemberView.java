package dev.kanal.scheduler.engine.query;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.flow.MemberBits.End;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a step.
 *
 * @param state what became of it, as far as its flow has heard
 * @param job its last job as far as is known, which is that of the first stage while a chain is
 *     under way; there is none yet while the member is being made
 */
public record MemberView(int index, State state, JobId job) {
  /** What became of a member. */
  public enum State {
    /** It has begun and not ended. */
    OUT,
    SUCCEEDED,
    /** It failed by itself. */
    FAILED,
    /** It was cancelled, or its time was up. */
    STOPPED;

    public static State of(End end) {
      return switch (end) {
        case NONE -> OUT;
        case SUCCEEDED -> SUCCEEDED;
        case FAILED -> FAILED;
        case OTHER -> STOPPED;
      };
    }
  }

  /**
   * Some members of a step, in the order of their numbers.
   *
   * @param next from where to look on; null if there are no more
   */
  public record Page(List<MemberView> members, @Nullable Integer next) {
    public Page {
      members = List.copyOf(members);
    }
  }
}
