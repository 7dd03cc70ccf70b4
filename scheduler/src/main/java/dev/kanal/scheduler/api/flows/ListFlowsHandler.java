package dev.kanal.scheduler.api.flows;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.FilterQuery.MalformedException;
import dev.kanal.scheduler.api.filter.ListCursor;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodePage;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.FlowReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/flows}: the flows of all shards that a filter means, newest first. Looking is
 * bounded: a page may be short, or empty, and still have a next one.
 */
final class ListFlowsHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("state", "name", "tag", "limit", "cursor");
  static final Question<NodePage> QUESTION = NodePage.question("/internal/v1/flows", QUERY);

  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;

  private final FlowReader flows;
  private final AllOwners owners;

  ListFlowsHandler(FlowReader flows, AllOwners owners) {
    this.flows = flows;
    this.owners = owners;
  }

  private record Asked(FlowReader.Filter filter, @Nullable JobId below, int limit) {}

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    AllOwners.answer(
        request,
        asked(request)
            .compose(
                asked ->
                    NodePage.ofAll(owners, QUESTION, request, here(asked), asked.limit)
                        .map(
                            page -> page.page(end -> ListCursor.write(bytes(asked.filter), end)))));
  }

  /** What the shards here have for the same query. */
  Future<NodePage> here(RoutingContext routing) {
    return asked(routing.request()).compose(this::here);
  }

  private Future<NodePage> here(Asked asked) {
    return owners
        .here(flows.list(asked.filter, asked.below, asked.limit))
        .compose(
            listing ->
                switch (listing) {
                  case FlowReader.Listing.Part part -> Future.succeededFuture(page(part));
                  case FlowReader.Listing.Unavailable(String why) -> AllOwners.away(why);
                });
  }

  private static NodePage page(FlowReader.Listing.Part answer) {
    return NodePage.of(
        answer.shards(),
        answer.flows().stream()
            .map(flow -> new NodePage.Item(flow.id(), FlowViewWriter.writeItem(flow))),
        answer.reached());
  }

  private static byte[] bytes(FlowReader.Filter filter) {
    TreeSet<FlowState> states = new TreeSet<>(filter.states());
    String all = states + "\0" + filter.name() + "\0" + new TreeMap<>(filter.tags());
    return all.getBytes(StandardCharsets.UTF_8);
  }

  private static Future<Asked> asked(HttpServerRequest request) {
    try {
      String name = request.getParam("name");
      if (name != null && !name.matches(FlowSpec.NAME)) {
        throw new MalformedException("name", "a name of a flow", name);
      }
      FlowReader.Filter filter =
          new FlowReader.Filter(
              states(request.params().getAll("state")), name, FilterQuery.tags(request.params()));
      String cursor = request.getParam("cursor");
      JobId below = cursor == null ? null : ListCursor.read(bytes(filter), cursor);
      if (cursor != null && below == null) {
        throw new MalformedException(
            "cursor", "the nextCursor of a page with the same filter", cursor);
      }
      return Future.succeededFuture(
          new Asked(filter, below, PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX)));
    } catch (MalformedException e) {
      return e.refused();
    }
  }

  private static Set<FlowState> states(List<String> texts) throws MalformedException {
    EnumSet<FlowState> states = EnumSet.noneOf(FlowState.class);
    for (String text : texts) {
      try {
        states.add(FlowState.valueOf(text));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("state", "one of " + List.of(FlowState.values()), text);
      }
    }
    return states;
  }
}
