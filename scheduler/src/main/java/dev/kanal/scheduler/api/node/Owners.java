package dev.kanal.scheduler.api.node;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Puts one question to the owners of all shards, at the same time. There is an answer only if every
 * shard is spoken for: nothing rather than too little.
 */
public final class Owners {
  private final Vertx vertx;
  private final JobReader reader;
  private final NodeClient forwarder;

  public Owners(Vertx vertx, JobReader reader, NodeClient forwarder) {
    this.vertx = vertx;
    this.reader = reader;
    this.forwarder = forwarder;
  }

  /** What one node answers for some shards. */
  public interface Share {
    BitSet shards();
  }

  /**
   * Asks this node and all others; fails with an {@link AwayException} if a shard is missing.
   *
   * @param here what this node answers
   * @param uri what the others are asked
   * @param read their answers
   */
  public <T extends Share> Future<List<T>> ask(
      Future<T> here, String uri, Function<Buffer, T> read) {
    List<Future<T>> shares = new ArrayList<>();
    shares.add(here);
    others().forEach(node -> shares.add(there(node, uri, read)));
    return Future.all(shares)
        .compose(
            _ -> {
              List<T> all = shares.stream().map(Future::result).toList();
              BitSet spokenFor = new BitSet();
              all.forEach(share -> spokenFor.or(share.shards()));
              int missing = spokenFor.nextClearBit(0);
              return missing < reader.shards()
                  ? away("Nobody speaks for shard " + missing)
                  : Future.succeededFuture(all);
            });
  }

  /** Other nodes that own shards. */
  public Set<NodeClient.Node> others() {
    Set<NodeClient.Node> nodes = new HashSet<>();
    for (int shard = 0; shard < reader.shards(); shard++) {
      if (reader.ownerOf(shard) instanceof Owner.Remote(String host, int port)) {
        nodes.add(new NodeClient.Node(host, port));
      }
    }
    return nodes;
  }

  /** The answer of the engine, on the caller's event loop. */
  public <T> Future<T> here(CompletableFuture<T> answer) {
    Promise<T> promise = Promise.promise();
    Context loop = vertx.getOrCreateContext();
    var _ =
        answer.whenComplete(
            (value, failure) ->
                loop.runOnContext(
                    _ -> {
                      if (failure == null) {
                        promise.complete(value);
                      } else {
                        promise.fail(
                            Failures.unwrap(failure) instanceof SendFailedException away
                                ? away
                                : new AwayException("The shards here do not answer"));
                      }
                    }));
    return promise.future();
  }

  public static <T> Future<T> away(String why) {
    return Future.failedFuture(new AwayException(why));
  }

  /** The refusal that comes of a failed question. */
  public static Problem problem(Throwable failure) {
    return switch (failure) {
      case AwayException away -> Problem.shardUnavailable(String.valueOf(away.getMessage()));
      case SendFailedException away ->
          Problem.later(ErrorCode.KAFKA_UNAVAILABLE, Problem.why(away), 1);
      default -> Failures.internal(failure);
    };
  }

  private <T> Future<T> there(NodeClient.Node node, String uri, Function<Buffer, T> read) {
    return forwarder
        .ask(node, uri, Duration.ZERO)
        .transform(
            reply ->
                reply.succeeded() && reply.result().status() == 200
                    ? Future.succeededFuture(read.apply(reply.result().body()))
                    : away("The node at " + node.host() + ":" + node.port() + " does not answer"));
  }

  /** Somebody who should have answered did not. */
  static final class AwayException extends Exception {
    private static final long serialVersionUID = 1L;

    AwayException(String message) {
      super(message);
    }
  }
}
