package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.bulk.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Listing;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/jobs}: the jobs of all shards that a filter means, newest first. Looking is
 * bounded: a page may be short, or empty, and still have a next one.
 */
final class ListJobsHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = query();

  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;

  private final JobReader reader;
  private final Owners owners;

  ListJobsHandler(JobReader reader, Owners owners) {
    this.reader = reader;
    this.owners = owners;
  }

  private static Set<String> query() {
    Set<String> names = new TreeSet<>(FilterQuery.NAMES);
    names.addAll(Set.of("limit", "cursor"));
    return Set.copyOf(names);
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Question question;
    try {
      question = question(request);
    } catch (FilterQuery.MalformedException e) {
      Answers.problem(request, Problem.malformedQuery(String.valueOf(e.getMessage())));
      return;
    }
    Future<JobShare> here = here(question);
    Future<Buffer> answer =
        NodeHeaders.isForwarded(request)
            ? here.map(JobShare::write)
            : owners
                .ask(here, request.uri(), JobShare::read)
                .map(shares -> page(JobShare.merge(shares, question.limit), question.filter));
    answer
        .onSuccess(body -> Answers.sendJson(request, 200, body))
        .onFailure(failure -> Answers.problem(request, Owners.problem(failure)));
  }

  private Future<JobShare> here(Question question) {
    return owners
        .here(reader.list(question.filter, question.below, question.limit))
        .compose(
            listing ->
                switch (listing) {
                  case Listing.Share share -> Future.succeededFuture(JobShare.of(share));
                  case Listing.Unavailable(String why) -> Owners.away(why);
                });
  }

  private static Buffer page(JobShare found, JobFilter filter) {
    JobId reached = found.reached();
    return Json.write(
        1024,
        (out, json) -> {
          out.writeStartObject();
          found.writeItems(out, json);
          out.writeStringField(
              "nextCursor", reached == null ? null : JobCursor.write(filter, reached));
          out.writeEndObject();
        });
  }

  private static Question question(HttpServerRequest request)
      throws FilterQuery.MalformedException {
    JobFilter filter = FilterQuery.read(request.params());
    return new Question(
        filter,
        below(request.getParam("cursor"), filter),
        PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX));
  }

  private static @Nullable JobId below(@Nullable String cursor, JobFilter filter)
      throws FilterQuery.MalformedException {
    JobId below = cursor == null ? null : JobCursor.read(filter, cursor);
    if (cursor != null && below == null) {
      throw new FilterQuery.MalformedException(
          "cursor", "the nextCursor of a page with the same filter", cursor);
    }
    return below;
  }

  private record Question(JobFilter filter, @Nullable JobId below, int limit) {}
}
