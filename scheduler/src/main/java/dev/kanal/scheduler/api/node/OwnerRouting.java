package dev.kanal.scheduler.api.node;

import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/**
 * Has a request handled by the node that owns its shard: here, or by passing the whole of it on,
 * once. Belongs to the event loop of the request.
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
   * Answers the request.
   *
   * @param body of the request, all of it; empty without one
   * @param here answers it if this node owns the shard; what it throws is an answer, too
   */
  public void handle(HttpServerRequest request, int shard, Buffer body, Runnable here) {
    switch (owners.apply(shard)) {
      case Owner.Local() -> Failures.guard(request, here);
      case Owner.Remote(String host, int port) -> {
        if (!NodeHeaders.isForwarded(request)) {
          pass(new NodeClient.Node(host, port), request, shard, body);
        } else {
          refuse(request, "Shard " + shard + " is moving to another node");
        }
      }
      case Owner.Unknown() -> refuse(request, "Nobody owns shard " + shard + " for the moment");
    }
  }

  private void pass(NodeClient.Node node, HttpServerRequest request, int shard, Buffer body) {
    var _ =
        forwarder
            .pass(node, request, body, atMost(request))
            .onSuccess(
                passed -> {
                  switch (passed) {
                    case NodeClient.Passed.Answered answer ->
                        before.apply(request, answer).onComplete(_ -> answer(request, answer));
                    case NodeClient.Passed.NotSent() ->
                        refuse(request, "The owner of shard " + shard + " does not answer");
                    case NodeClient.Passed.Unanswered() ->
                        Answers.problem(
                            request,
                            Problem.shardAmbiguous(
                                "The owner of shard "
                                    + shard
                                    + " got the request and did not answer: it may have been"
                                    + " done"));
                  }
                })
            .onFailure(failure -> Answers.problem(request, Failures.internal(failure)));
  }

  private Duration atMost(HttpServerRequest request) {
    OptionalInt wait = Preferences.wait(request.headers());
    Duration waiting = Duration.ofSeconds(wait.orElse(0)).plus(BEYOND_WAIT);
    return waiting.compareTo(patience) > 0 ? waiting : patience;
  }

  private static void answer(HttpServerRequest request, NodeClient.Passed.Answered answer) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    response.headers().setAll(answer.headers());
    response.setStatusCode(answer.status());
    var _ = answer.body().length() == 0 ? response.end() : response.end(answer.body());
  }

  private static void refuse(HttpServerRequest request, String why) {
    Answers.problem(request, Problem.shardUnavailable(why));
  }
}
