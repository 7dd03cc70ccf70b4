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

  private final Sheet sheet;
  private final JobFields job;
  private boolean seen;

  /**
   * @param sheet at the object
   */
  StageFields(Sheet sheet) {
    this.sheet = sheet;
    this.job = sheet.job();
  }

  /** Reads an object that has nothing else. */
  void read() throws IOException {
    sheet.fields().object("", FIELDS, this::readField);
  }

  /** Reads one field; answers whether it is one of a job's. */
  boolean readField(String name) throws IOException {
    if (OF_THE_FLOW.contains(name)) {
      sheet
          .fields()
          .refuse(
              "/" + name, "Expected " + name + " of the flow alone, but got one of a job in it");
      sheet.skip();
      return true;
    }
    boolean known = sheet.readJobField(job, name);
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
  @Nullable JobSpec finish(Making making) throws RefusedException {
    return switch (job.finishTemplate(making.now(), making.queues())) {
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
