package dev.kanal.common.log;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.template.Template;
import java.util.List;

/**
 * How a shard makes members of a step; what is known at home stands in it.
 *
 * @param kind what the stages are
 * @param stages jobs with their payloads as templates; none of a group
 * @param trace of the flow
 * @param made when the step's jobs were first made, and in which round: their ids are made of it
 * @param wants whether their results are needed at home
 * @param home of the flow
 */
public record MemberTemplate(
    Kind kind, List<Stage> stages, TraceContext trace, Made made, boolean wants, int home) {
  /** What the stages of a template are. */
  public enum Kind {
    /** A member is a single job, of the only stage. */
    SINGLE(0),
    /** A member passes all stages, one after the other, led by the shard that has the template. */
    CHAIN(1),
    /** The members are the stages, by their index. */
    BRANCHES(2),
    /** The members bring their own jobs. */
    WHOLE(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number in rows, which never changes; readers take it as the place in this list. */
    public int code() {
      return code;
    }
  }

  /**
   * One job of it.
   *
   * @param job without payload; with the deadline and the retention of the flow
   */
  public record Stage(JobSpec job, Template payload) {}

  /**
   * What the ids of a step's jobs are made of.
   *
   * @param ms when the step was opened
   * @param round of the flow, in which that was
   */
  public record Made(long ms, int round) {
    /** The id of a member's job. */
    public JobId id(JobId flow, String step, MemberPlace place) {
      return JobId.of(place.shard(), ms, place.hash(flow, step, round));
    }
  }

  public MemberTemplate {
    stages = List.copyOf(stages);
  }

  /** The stage of which a member's job is. */
  public Stage stage(int index, int stage) {
    return stages.get(kind == Kind.BRANCHES ? index : stage);
  }
}
