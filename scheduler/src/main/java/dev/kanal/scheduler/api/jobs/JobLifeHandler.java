package dev.kanal.scheduler.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
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

  private final JobReader reader;
  private final OwnerRouting atOwner;

  JobLifeHandler(JobReader reader, OwnerRouting atOwner) {
    this.reader = reader;
    this.atOwner = atOwner;
  }

  static Route route(JobReader reader, OwnerRouting atOwner) {
    JobLifeHandler handler = new JobLifeHandler(reader, atOwner);
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
      Answers.when(request, atOwner.later(request, job.shard(), Buffer.buffer(), () -> here(job)));
    }
  }

  private Future<Answer> here(JobId job) {
    return Later.of(reader.find(job))
        .map(
            found ->
                switch (found) {
                  case JobReader.Answer.Found(var view) -> Answer.json(200, write(view));
                  case JobReader.Answer.Missing _ ->
                      Answer.problem(Problem.noSuchJob(job.toString()));
                  case JobReader.Answer.Unavailable(var why) ->
                      Answer.problem(Problem.shardUnavailable(why));
                });
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
