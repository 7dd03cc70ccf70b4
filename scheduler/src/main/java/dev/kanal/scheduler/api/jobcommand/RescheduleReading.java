package dev.kanal.scheduler.api.jobcommand;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.job.StartTime;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads another time for a job: an object with either {@code runAt} or {@code delay}. */
final class RescheduleReading implements JobCommandHandler.Reading<JobCommand> {
  private final InstantSource clock;

  RescheduleReading(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public JobCommand read(byte[] body) throws RefusedException {
    return JsonBody.read(body, 0, body.length, Fields::read).finish(clock.instant());
  }

  /** A time while its fields are read. */
  private static final class Fields {
    private final FieldReader fields;
    private @Nullable Instant runAt;
    private @Nullable Duration delay;
    private int seen;

    private Fields(FieldReader fields) {
      this.fields = fields;
    }

    static Fields read(JsonParser json) throws IOException {
      Fields given = new Fields(new FieldReader(json));
      given.fields.object("", "runAt, delay", given::readField);
      return given;
    }

    private boolean readField(String name) throws IOException {
      switch (name) {
        case "runAt" -> runAt = fields.time("/runAt");
        case "delay" -> delay = fields.duration("/delay", Duration.ZERO, StartTime.MAX_DELAY);
        default -> {
          return false;
        }
      }
      seen++;
      return true;
    }

    private JobCommand finish(Instant now) throws RefusedException {
      Instant latest = now.plus(StartTime.MAX_DELAY);
      if (fields.errors().isEmpty() && seen != 1) {
        fields.refuse(
            "", "Expected either runAt or delay, but got " + (seen == 0 ? "none" : "both"));
      } else if (runAt != null && runAt.isAfter(latest)) {
        fields.refuse(
            "/runAt", "Expected a time up to " + Times.format(latest) + ", but got " + runAt);
      }
      if (!fields.errors().isEmpty()) {
        throw fields.refusal();
      } else if (runAt != null) {
        return new JobCommand.Reschedule(new StartTime.At(runAt), runAt, "/runAt");
      }
      Duration wait = delay == null ? Duration.ZERO : delay;
      return new JobCommand.Reschedule(new StartTime.After(wait), now.plus(wait), "/delay");
    }
  }
}
