package dev.kanal.scheduler.api.operate;

import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.FailureView.Group;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/failures}: the dead jobs of all shards, by failure. */
final class FailuresHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("queue", "type", "sort", "limit");

  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;

  private static final Comparator<Group> MOST =
      Comparator.comparingLong(Group::count)
          .reversed()
          .thenComparing(Group::lastSeen, Comparator.reverseOrder())
          .thenComparing(Group::name);
  private static final Comparator<Group> LAST =
      Comparator.comparing(Group::lastSeen).reversed().thenComparing(Group::name);

  private final JobReader reader;
  private final AllOwners owners;

  FailuresHandler(JobReader reader, AllOwners owners) {
    this.reader = reader;
    this.owners = owners;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    AllOwners.answer(
        request,
        Asked.of(request)
            .compose(
                asked ->
                    owners
                        .ask(NodeFailures.QUESTION, NodeClient.query(request), here(asked))
                        .compose(FailuresHandler::sum)
                        .map(found -> page(found, asked))));
  }

  /** What the shards here have for the same query. */
  Future<NodeFailures> here(RoutingContext routing) {
    return Asked.of(routing.request()).compose(this::here);
  }

  private Future<NodeFailures> here(Asked asked) {
    return owners.here(reader.failures(asked.queue, asked.type)).map(NodeFailures::new);
  }

  /** A shard that two nodes speak for, as it moves, would count twice. */
  private static Future<FailureView> sum(List<NodeFailures> answers) {
    BitSet spokenFor = new BitSet();
    for (NodeFailures answer : answers) {
      if (spokenFor.intersects(answer.shards())) {
        return AllOwners.away("A shard moves from one node to another");
      }
      spokenFor.or(answer.shards());
    }
    return Future.succeededFuture(
        FailureView.sum(answers.stream().map(NodeFailures::view).toList()));
  }

  private static Buffer page(FailureView found, Asked asked) {
    List<Group> shown =
        found.groups().stream().sorted(asked.byTime ? LAST : MOST).limit(asked.limit).toList();
    JsonArray items = new JsonArray();
    shown.forEach(group -> items.add(NodeFailures.json(group)));
    long jobs = jobs(found.groups());
    return new JsonObject()
        .put("items", items)
        .put("groups", found.groups().size())
        .put("jobs", jobs)
        .put("omittedGroups", found.groups().size() - shown.size())
        .put("omittedJobs", jobs - jobs(shown))
        .put("complete", found.cut() == null)
        .toBuffer();
  }

  private static long jobs(List<Group> groups) {
    return groups.stream().mapToLong(Group::count).sum();
  }

  /** What is asked. */
  private record Asked(@Nullable String queue, @Nullable String type, boolean byTime, int limit) {
    static Future<Asked> of(HttpServerRequest request) {
      try {
        return Future.succeededFuture(read(request));
      } catch (FilterQuery.MalformedException e) {
        return e.refused();
      }
    }

    private static Asked read(HttpServerRequest request) throws FilterQuery.MalformedException {
      String sort = request.getParam("sort", "count");
      if (!sort.equals("count") && !sort.equals("last")) {
        throw new FilterQuery.MalformedException("sort", "count or last", sort);
      }
      return new Asked(
          name(request, "queue", JobSpec.QUEUE, "a name of a queue"),
          name(request, "type", JobSpec.TYPE, "a job type"),
          sort.equals("last"),
          PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX));
    }

    private static @Nullable String name(
        HttpServerRequest request, String parameter, Pattern rule, String expected)
        throws FilterQuery.MalformedException {
      String text = request.getParam(parameter);
      if (text != null && !rule.matcher(text).matches()) {
        throw new FilterQuery.MalformedException(parameter, expected, text);
      }
      return text;
    }
  }
}
