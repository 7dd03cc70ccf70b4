package dev.kanal.scheduler.api.jobcommand;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads a retry: no body at all, or an object that says what is to be changed. */
final class RetryReading implements JobCommandHandler.Reading<JobCommand> {
  private final InstantSource clock;
  private final int payloadMax;

  RetryReading(InstantSource clock, int payloadMax) {
    this.clock = clock;
    this.payloadMax = payloadMax;
  }

  @Override
  public JobCommand read(byte[] body) throws RefusedException {
    if (body.length == 0) {
      return new JobCommand.Retry(null, null, null);
    }
    Fields given = JsonBody.read(body, 0, body.length, json -> read(json, body));
    if (given.payloadTooLarge) {
      throw new RefusedException(Problem.payloadTooLarge(payloadMax));
    } else if (!given.fields.errors().isEmpty()) {
      throw given.fields.refusal();
    }
    return new JobCommand.Retry(given.deadline, given.payload, given.queue);
  }

  private Fields read(JsonParser json, byte[] body) throws IOException {
    Fields given = new Fields(new FieldReader(json));
    given.fields.object(
        "", "deadline, payload, queue", name -> given.readField(name, json, body, payloadMax));
    Instant deadline = given.deadline;
    if (deadline != null && !deadline.isAfter(clock.instant())) {
      given.fields.refuse("/deadline", "Expected a time in the future, but got " + deadline);
    }
    return given;
  }

  /** A retry while its fields are read. */
  private static final class Fields {
    private final FieldReader fields;
    private @Nullable Instant deadline;
    private @Nullable JsonBytes payload;
    private boolean payloadTooLarge;
    private @Nullable String queue;

    Fields(FieldReader fields) {
      this.fields = fields;
    }

    private boolean readField(String name, JsonParser json, byte[] body, int payloadMax)
        throws IOException {
      switch (name) {
        case "deadline" -> deadline = fields.time("/deadline");
        case "payload" -> {
          JsonBytes value = JsonBody.value(json, body, 0);
          payloadTooLarge = value.length() > payloadMax;
          payload = value;
        }
        case "queue" -> queue = fields.matching("/queue", JobSpec.QUEUE);
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
