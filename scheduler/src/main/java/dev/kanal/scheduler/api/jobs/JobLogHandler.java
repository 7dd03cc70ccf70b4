package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobLog;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/jobs/{id}/logs}: what a job's handlers have logged. */
final class JobLogHandler implements Handler<RoutingContext> {
  private static final Set<String> QUERY = Set.of("after");

  private static final int LINE_OVERHEAD = 100;

  private final JobReader reader;
  private final OwnerRouting atOwner;

  JobLogHandler(JobReader reader, OwnerRouting atOwner) {
    this.reader = reader;
    this.atOwner = atOwner;
  }

  static Route route(JobReader reader, OwnerRouting atOwner) {
    JobLogHandler handler = new JobLogHandler(reader, atOwner);
    return Route.get("/v1/jobs/{id}/logs", QUERY, Answers.JSON, handler);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null || job.shard() >= reader.shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    String after = request.getParam("after");
    OptionalLong number = number(after);
    if (number.isEmpty()) {
      Answers.problem(
          request,
          Problem.malformedQuery(
              "Expected after as the number of a line, but got "
                  + Quoted.of(String.valueOf(after))));
      return;
    }
    Answers.when(
        request,
        atOwner.later(request, job.shard(), Buffer.buffer(), () -> here(job, number.getAsLong())));
  }

  private Future<Answer> here(JobId job, long after) {
    return Later.refusing(reader.log(job), JobLogHandler::problem)
        .map(
            found ->
                found
                    .map(log -> Answer.json(200, write(log.after(after))))
                    .orElseGet(() -> Answer.problem(Problem.noSuchJob(job.toString()))));
  }

  private static Problem problem(Throwable cause) {
    return cause instanceof UnavailableException
        ? Problem.shardUnavailable(String.valueOf(cause.getMessage()))
        : Failures.internal(cause);
  }

  private static OptionalLong number(@Nullable String text) {
    if (text == null) {
      return OptionalLong.of(0);
    }
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static Buffer write(JobLog log) {
    return Json.write(
        LINE_OVERHEAD * (1 + log.lines().size()),
        (out, _) -> {
          out.writeStartObject();
          out.writeArrayFieldStart("items");
          for (JobLog.Line line : log.lines()) {
            out.writeStartObject();
            out.writeNumberField("number", line.number());
            out.writeStringField("at", Times.format(line.at()));
            out.writeNumberField("attempt", line.attempt());
            out.writeStringField("line", line.text());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeNumberField("omitted", log.omitted());
          out.writeEndObject();
        });
  }
}
