package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.engine.JobReader;
import dev.kanal.scheduler.engine.JobReader.Owner;
import dev.kanal.scheduler.engine.JobReader.QueueCount;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code GET /v1/queues}: what waits and what runs, summed over all shards of all nodes. Says
 * nothing rather than too little: a shard that nobody speaks for makes it a 503.
 */
final class QueuesHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final ApiParts parts;
  private final Forwarder forwarder;

  QueuesHandler(Vertx vertx, ApiParts parts, Forwarder forwarder) {
    this.vertx = vertx;
    this.parts = parts;
    this.forwarder = forwarder;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (request.getHeader(Forwarder.FORWARDED) != null) {
      here()
          .onSuccess(share -> Answers.sendJson(request, 200, ShardCounts.write(share)))
          .onFailure(failure -> fail(request, failure));
      return;
    }
    List<Future<ShardCounts>> shares = new ArrayList<>();
    shares.add(here());
    for (Forwarder.Node node : others()) {
      shares.add(there(node));
    }
    Future.all(shares)
        .onSuccess(_ -> answer(request, shares.stream().map(Future::result).toList()))
        .onFailure(failure -> fail(request, failure));
  }

  private Set<Forwarder.Node> others() {
    Set<Forwarder.Node> nodes = new HashSet<>();
    for (int shard = 0; shard < parts.reader().shards(); shard++) {
      if (parts.reader().ownerOf(shard) instanceof Owner.Remote(String host, int port)) {
        nodes.add(new Forwarder.Node(host, port));
      }
    }
    return nodes;
  }

  /** The counts of this node's shards; which they are is noted before they are asked. */
  private Future<ShardCounts> here() {
    JobReader reader = parts.reader();
    BitSet owned = new BitSet();
    for (int shard = 0; shard < reader.shards(); shard++) {
      owned.set(shard, reader.ownerOf(shard) instanceof Owner.Local);
    }
    Promise<ShardCounts> promise = Promise.promise();
    Context loop = vertx.getOrCreateContext();
    var _ =
        reader
            .queueCounts()
            .whenComplete(
                (counts, failure) ->
                    loop.runOnContext(
                        _ -> {
                          if (failure == null) {
                            promise.complete(new ShardCounts(owned, counts));
                          } else {
                            promise.fail(new AwayException("The shards here do not answer"));
                          }
                        }));
    return promise.future();
  }

  private Future<ShardCounts> there(Forwarder.Node node) {
    return forwarder
        .ask(node, "/v1/queues", Duration.ZERO)
        .transform(
            reply ->
                reply.succeeded() && reply.result().status() == 200
                    ? Future.succeededFuture(ShardCounts.read(reply.result().body()))
                    : Future.failedFuture(
                        new AwayException(
                            "The node at "
                                + node.host()
                                + ":"
                                + node.port()
                                + " does not answer")));
  }

  private void answer(HttpServerRequest request, List<ShardCounts> shares) {
    BitSet spokenFor = new BitSet();
    Map<String, QueueSum> sums = new TreeMap<>();
    for (ShardCounts share : shares) {
      for (QueueCount count : share.counts()) {
        if (share.shards().get(count.shard()) && !spokenFor.get(count.shard())) {
          sums.merge(count.queue(), QueueSum.of(count), QueueSum::plus);
        }
      }
      spokenFor.or(share.shards());
    }
    int missing = spokenFor.nextClearBit(0);
    if (missing < parts.reader().shards()) {
      Answers.problem(request, Problem.shardUnavailable("Nobody speaks for shard " + missing));
      return;
    }
    long now = parts.clock().millis();
    Answers.sendJson(request, 200, write(sums, now));
  }

  private static Buffer write(Map<String, QueueSum> sums, long now) {
    return Json.write(
        512,
        (out, _) -> {
          out.writeStartObject();
          out.writeArrayFieldStart("items");
          for (Map.Entry<String, QueueSum> each : sums.entrySet()) {
            write(each.getKey(), each.getValue(), now, out);
          }
          out.writeEndArray();
          out.writeNullField("nextCursor");
          out.writeEndObject();
        });
  }

  private static void write(String name, QueueSum sum, long now, JsonGenerator out)
      throws IOException {
    long age = sum.oldest == Long.MAX_VALUE ? 0 : Math.max(0, now - sum.oldest);
    out.writeStartObject();
    out.writeStringField("name", name);
    out.writeNumberField("lag", sum.of(JobState.QUEUED));
    out.writeNumberField("oldestAgeSeconds", age / 1000.0);
    out.writeNumberField("inFlight", sum.of(JobState.RUNNING));
    out.writeNumberField(
        "waiting",
        sum.of(JobState.SCHEDULED) + sum.of(JobState.BLOCKED) + sum.of(JobState.RETRYING));
    out.writeObjectFieldStart("states");
    for (JobState state : JobState.values()) {
      out.writeNumberField(state.name(), sum.of(state));
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void fail(HttpServerRequest request, Throwable failure) {
    Answers.problem(
        request,
        failure instanceof AwayException
            ? Problem.shardUnavailable(String.valueOf(failure.getMessage()))
            : Failures.internal(failure));
  }

  /** A queue over several shards; {@code oldest} is the greatest number without a queued job. */
  private record QueueSum(Map<JobState, Long> states, long oldest) {
    static QueueSum of(QueueCount count) {
      long oldest = count.oldestQueuedEpochMs() == 0 ? Long.MAX_VALUE : count.oldestQueuedEpochMs();
      return new QueueSum(count.states(), oldest);
    }

    long of(JobState state) {
      return states.getOrDefault(state, 0L);
    }

    QueueSum plus(QueueSum other) {
      Map<JobState, Long> sums = new EnumMap<>(JobState.class);
      sums.putAll(states);
      other.states.forEach((state, count) -> sums.merge(state, count, Long::sum));
      return new QueueSum(sums, Math.min(oldest, other.oldest));
    }
  }

  /** Somebody who should have answered did not. */
  private static final class AwayException extends Exception {
    private static final long serialVersionUID = 1L;

    AwayException(String message) {
      super(message);
    }
  }
}
