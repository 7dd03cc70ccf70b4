package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a retry: no body at all, or an object that may name a new deadline. */
final class RetryReading implements JobCommandHandler.Reading {
  private final BodyReader bodies;
  private final InstantSource clock;

  RetryReading(BodyReader bodies, InstantSource clock) {
    this.bodies = bodies;
    this.clock = clock;
  }

  @Override
  public void read(HttpServerRequest request, BiConsumer<JobCommand, Buffer> then) {
    bodies.read(
        request,
        body -> {
          try {
            Draft draft =
                body.length == 0 ? null : JsonBody.read(body, 0, body.length, this::draft);
            if (draft == null || draft.fields.errors().isEmpty()) {
              then.accept(
                  new JobCommand.Retry(draft == null ? null : draft.deadline), Buffer.buffer(body));
            } else {
              Answers.problem(request, Problem.invalid(draft.fields.errors()));
            }
          } catch (JsonBody.MalformedException e) {
            Answers.problem(request, e.problem());
          }
        });
  }

  private Draft draft(JsonParser json) throws IOException {
    Draft draft = new Draft(new FieldReader(json));
    draft.fields.object("", "deadline", draft::readField);
    Instant deadline = draft.deadline;
    if (deadline != null && !deadline.isAfter(clock.instant())) {
      draft.fields.refuse("/deadline", "Expected a time in the future, but got " + deadline);
    }
    return draft;
  }

  /** A retry while its fields are read. */
  private static final class Draft {
    private final FieldReader fields;
    private @Nullable Instant deadline;

    Draft(FieldReader fields) {
      this.fields = fields;
    }

    private boolean readField(String name) throws IOException {
      if (!name.equals("deadline")) {
        return false;
      }
      deadline = fields.time("/deadline");
      return true;
    }
  }
}
