package dev.kanal.scheduler.api.flows;

import dev.kanal.common.flow.StepKind;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A job or a wait among the fields of an object, while they are read. */
final class SingleFields {
  static final String FIELDS = "wait, " + StageFields.FIELDS;

  private final FieldReader fields;
  private final StageFields job;
  private boolean waitSeen;
  private @Nullable String event;
  private @Nullable Duration timeout;

  /**
   * @param json at the object
   */
  SingleFields(FlowJson json) {
    this.fields = json.fields();
    this.job = new StageFields(json);
  }

  /** Reads an object that has nothing else. */
  void read() throws IOException {
    fields.object("", FIELDS, this::readField);
  }

  /** Reads one field; answers whether it knows it. */
  boolean readField(String name) throws IOException {
    if (!name.equals("wait")) {
      return job.readField(name);
    }
    waitSeen = true;
    fields.object("/wait", "event, timeout", this::readWait);
    return true;
  }

  private boolean readWait(String name) throws IOException {
    switch (name) {
      case "event" -> event = fields.matching("/wait/event", FlowFields.NAME);
      case "timeout" ->
          timeout =
              fields.duration(
                  "/wait/timeout", StepKind.Wait.TIMEOUT_MIN, StepKind.Wait.TIMEOUT_MAX);
      default -> {
        return false;
      }
    }
    return true;
  }

  boolean isJob() {
    return job.isSeen();
  }

  boolean isWait() {
    return waitSeen;
  }

  /** What it is, of one kind; null if it has mistakes, which are noted. */
  StepKind.@Nullable Single finish(JobDefaults defaults) throws RefusedException {
    if (!waitSeen) {
      JobSpec spec = job.finish(defaults);
      return spec == null ? null : new StepKind.Job(spec);
    }
    if (event == null && timeout == null) {
      fields.refuse("/wait", "Expected an event or a timeout to wait for, but got none");
      return null;
    }
    return new StepKind.Wait(event, timeout);
  }
}
