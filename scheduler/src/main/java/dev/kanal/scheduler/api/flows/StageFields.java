package dev.kanal.scheduler.api.flows;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.JobFields;
import dev.kanal.scheduler.api.spec.JobParser;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A job of a step while its fields are read. Belongs to the step. */
final class StageFields {
  static final String FIELDS =
      "type, payload, queue, priority, key, keyLimit, delay, runAt, timeout, retry, tags";
  private static final Set<String> OF_THE_FLOW = Set.of("deadline", "retention", "idempotencyKey");

  private final FlowJson json;
  private final JobFields job;
  private boolean seen;

  /**
   * @param json at the object
   */
  StageFields(FlowJson json) {
    this.json = json;
    this.job = json.job();
  }

  /** Reads an object that has nothing else. */
  void read() throws IOException {
    json.fields().object("", FIELDS, this::readField);
  }

  /** Reads one field; answers whether it is one of a job's. */
  boolean readField(String name) throws IOException {
    if (OF_THE_FLOW.contains(name)) {
      json.fields()
          .refuse(
              "/" + name, "Expected " + name + " of the flow alone, but got one of a job in it");
      json.skip();
      return true;
    }
    boolean known = json.readJobField(job, name);
    seen |= known;
    return known;
  }

  /** Whether there is a job, be it a good one or not. */
  boolean isSeen() {
    return seen;
  }

  /**
   * The job; null if it has mistakes, which are noted.
   *
   * @throws RefusedException if its payload is too large, whatever else is wrong
   */
  @Nullable JobSpec finish(JobDefaults defaults) throws RefusedException {
    return switch (job.finishTemplate(defaults.now(), defaults.queues())) {
      case JobParser.Parsed.Job(JobSpec spec) -> spec.withRetention(Retention.DEFAULT);
      case JobParser.Parsed.Refused(Problem problem) -> {
        if (problem.errors().isEmpty()) {
          throw new RefusedException(problem);
        }
        yield null;
      }
    };
  }
}
