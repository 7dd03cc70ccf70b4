package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodePage;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Listing;
import io.vertx.core.Future;
import io.vertx.core.Handler;
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
  static final Question<NodePage> QUESTION = NodePage.question("/internal/v1/jobs", QUERY);

  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;

  private final JobReader reader;
  private final AllOwners owners;

  ListJobsHandler(JobReader reader, AllOwners owners) {
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
    AllOwners.answer(
        request,
        asked(request)
            .compose(
                asked ->
                    NodePage.ofAll(owners, QUESTION, request, here(asked), asked.limit)
                        .map(page -> page.page(end -> JobCursor.write(asked.filter, end)))));
  }

  /** What the shards here have for the same query. */
  Future<NodePage> here(RoutingContext routing) {
    return asked(routing.request()).compose(this::here);
  }

  private Future<NodePage> here(Asked asked) {
    return owners
        .here(reader.list(asked.filter, asked.below, asked.limit))
        .compose(
            listing ->
                switch (listing) {
                  case Listing.Part answer -> Future.succeededFuture(page(answer));
                  case Listing.Unavailable(String why) -> AllOwners.away(why);
                });
  }

  private static NodePage page(Listing.Part answer) {
    return NodePage.of(
        answer.shards(),
        answer.jobs().stream().map(job -> new NodePage.Item(job.id(), JobWriter.writeItem(job))),
        answer.reached());
  }

  private static Future<Asked> asked(HttpServerRequest request) {
    try {
      JobFilter filter = FilterQuery.read(request.params());
      JobId below = below(request.getParam("cursor"), filter);
      int limit = PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX);
      return Future.succeededFuture(new Asked(filter, below, limit));
    } catch (FilterQuery.MalformedException e) {
      return e.refused();
    }
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

  private record Asked(JobFilter filter, @Nullable JobId below, int limit) {}
}
