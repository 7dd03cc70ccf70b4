package dev.kanal.scheduler.api.node;

import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Has a request handled by the node that owns its shard: here, or by passing the whole of it on,
 * once.
 */
public final class OwnerRouting {
  /** How long an owner may take without a preferred wait: to append, and to reach what it did. */
  static final Duration PATIENCE = Duration.ofMillis(4_800);

  /** The same where it has to wait for Kafka and for all shards several times. */
  public static final Duration LONG_PATIENCE = Duration.ofSeconds(22);

  private static final Duration BEYOND_WAIT = Duration.ofSeconds(5);

  private final IntFunction<Owner> owners;
  private final NodeClient forwarder;
  private final Duration patience;
  private final BiFunction<HttpServerRequest, NodeClient.Passed.Answered, Future<?>> before;

  public OwnerRouting(IntFunction<Owner> owners, NodeClient forwarder) {
    this(owners, forwarder, PATIENCE);
  }

  OwnerRouting(IntFunction<Owner> owners, NodeClient forwarder, Duration patience) {
    this(owners, forwarder, patience, (_, _) -> Future.succeededFuture());
  }

  /**
   * @param before what this node does with the owner's answer before it passes it back
   */
  public OwnerRouting(
      IntFunction<Owner> owners,
      NodeClient forwarder,
      Duration patience,
      BiFunction<HttpServerRequest, NodeClient.Passed.Answered, Future<?>> before) {
    this.owners = owners;
    this.forwarder = forwarder;
    this.patience = patience;
    this.before = before;
  }

  /**
   * The answer of the owner, on the event loop of the request.
   *
   * @param body of the request, all of it; empty without one
   * @param here makes the answer if this node owns the shard
   */
  public Future<Answer> later(
      HttpServerRequest request, int shard, Buffer body, Supplier<Future<Answer>> here) {
    Future<Answer> there = elsewhere(request, shard, body);
    return there == null ? here.get() : there;
  }

  /**
   * Waits, on a call's own thread, for the answer of the owner.
   *
   * @param body of the request, all of it; empty without one
   * @param here makes the answer if this node owns the shard
   */
  public Answer answer(HttpServerRequest request, int shard, Buffer body, CallThreads.Body here)
      throws RefusedException {
    Future<Answer> there = elsewhere(request, shard, body);
    return there == null ? here.run() : CallThreads.await(there, Failures::internal);
  }

  /** What the node that owns the shard answers, or why none does; null if it is this node. */
  private @Nullable Future<Answer> elsewhere(HttpServerRequest request, int shard, Buffer body) {
    return switch (owners.apply(shard)) {
      case Owner.Local() -> null;
      case Owner.Remote(String host, int port) ->
          NodeHeaders.isForwarded(request)
              ? refuse("Shard " + shard + " is moving to another node")
              : pass(new NodeClient.Node(host, port), request, shard, body);
      case Owner.Unknown() -> refuse("Nobody owns shard " + shard + " for the moment");
    };
  }

  private Future<Answer> pass(
      NodeClient.Node node, HttpServerRequest request, int shard, Buffer body) {
    return forwarder
        .pass(node, request, body, atMost(request))
        .compose(
            passed ->
                switch (passed) {
                  case NodeClient.Passed.Answered answer ->
                      before
                          .apply(request, answer)
                          .transform(_ -> Future.succeededFuture(passedBack(answer)));
                  case NodeClient.Passed.NotSent() ->
                      refuse("The owner of shard " + shard + " does not answer");
                  case NodeClient.Passed.Unanswered() ->
                      Future.succeededFuture(
                          Answer.problem(
                              Problem.shardAmbiguous(
                                  "The owner of shard "
                                      + shard
                                      + " got the request and did not answer: it may have been"
                                      + " done")));
                });
  }

  private Duration atMost(HttpServerRequest request) {
    Duration waiting = Preferences.longest(request).plus(BEYOND_WAIT);
    return waiting.compareTo(patience) > 0 ? waiting : patience;
  }

  private static Answer passedBack(NodeClient.Passed.Answered answer) {
    return request -> {
      HttpServerResponse response = request.response();
      if (response.headWritten() || response.closed()) {
        return;
      }
      response.headers().setAll(answer.headers());
      response.setStatusCode(answer.status());
      var _ = answer.body().length() == 0 ? response.end() : response.end(answer.body());
    };
  }

  private static Future<Answer> refuse(String why) {
    return Future.succeededFuture(Answer.problem(Problem.shardUnavailable(why)));
  }
}
