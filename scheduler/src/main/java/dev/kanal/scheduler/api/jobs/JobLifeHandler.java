package dev.kanal.scheduler.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** {@code GET /v1/jobs/{id}/life}: what a job waited for, and its attempts. */
final class JobLifeHandler implements Handler<RoutingContext> {
  private static final int SPAN_BYTES = 160;

  private final Vertx vertx;
  private final JobReader reader;
  private final OwnerRouting atOwner;

  JobLifeHandler(Vertx vertx, JobReader reader, OwnerRouting atOwner) {
    this.vertx = vertx;
    this.reader = reader;
    this.atOwner = atOwner;
  }

  static Route route(Vertx vertx, JobReader reader, OwnerRouting atOwner) {
    JobLifeHandler handler = new JobLifeHandler(vertx, reader, atOwner);
    return Route.get("/v1/jobs/{id}/life", Set.of(), Answers.JSON, handler);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null || job.shard() >= reader.shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
    } else {
      atOwner.handle(request, job.shard(), Buffer.buffer(), () -> here(request, job));
    }
  }

  private void here(HttpServerRequest request, JobId job) {
    Loops.then(
        vertx,
        reader.find(job),
        answer ->
            Failures.guard(
                request,
                () -> {
                  switch (answer) {
                    case Answer.Found(var found) -> Answers.sendJson(request, 200, write(found));
                    case Answer.Missing _ ->
                        Answers.problem(request, Problem.noSuchJob(job.toString()));
                    case Answer.Unavailable(var why) ->
                        Answers.problem(request, Problem.shardUnavailable(why));
                  }
                }),
        failure -> Answers.problem(request, Failures.internal(failure)));
  }

  private static Buffer write(JobView job) {
    List<JobLife.Span> spans = JobLife.of(job);
    return Json.write(
        SPAN_BYTES * (1 + spans.size()),
        (out, _) -> {
          out.writeStartObject();
          out.writeStringField("id", job.id().toString());
          out.writeStringField("state", job.state().name());
          out.writeArrayFieldStart("spans");
          for (JobLife.Span span : spans) {
            write(span, out);
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static void write(JobLife.Span span, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("kind", span.kind());
    out.writeStringField("start", Times.format(span.start()));
    Instant end = span.end();
    if (end != null) {
      out.writeStringField("end", Times.format(end));
    }
    Integer attempt = span.attempt();
    if (attempt != null) {
      out.writeNumberField("attempt", attempt);
    }
    String outcome = span.outcome();
    if (outcome != null) {
      out.writeStringField("outcome", outcome);
    }
    String traceId = span.traceId();
    if (traceId != null) {
      out.writeStringField("traceId", traceId);
    }
    out.writeEndObject();
  }
}
