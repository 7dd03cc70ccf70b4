package dev.kanal.scheduler.api.node;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Puts one question to the owners of all shards, at the same time. There is an answer only if every
 * shard is spoken for: nothing rather than too little.
 */
public final class AllOwners {
  private final Vertx vertx;
  private final JobReader reader;
  private final NodeClient forwarder;
  private final NodeAddresses addresses = new NodeAddresses(this::others);

  public AllOwners(Vertx vertx, JobReader reader, NodeClient forwarder) {
    this.vertx = vertx;
    this.reader = reader;
    this.forwarder = forwarder;
  }

  /** What one node answers for some shards. */
  public interface NodeAnswer {
    BitSet shards();
  }

  /**
   * Asks this node and all others; fails with an {@link AwayException} if a shard is missing.
   *
   * @param rest of the question's path: the value of its parameter, or the query behind its
   *     question mark
   * @param here what this node answers
   */
  public <T extends NodeAnswer> Future<List<T>> ask(
      Question<T> question, String rest, Future<T> here) {
    List<Future<T>> answers = new ArrayList<>();
    answers.add(here);
    others().forEach(node -> answers.add(forwarder.ask(node, question, rest)));
    return Future.all(answers)
        .compose(
            _ -> {
              List<T> all = answers.stream().map(Future::result).toList();
              BitSet spokenFor = new BitSet();
              all.forEach(answer -> spokenFor.or(answer.shards()));
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

  /** Whether a request comes from the address of another node that owns shards. */
  public boolean isOther(HttpServerRequest request) {
    return addresses.has(request.remoteAddress().hostAddress());
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

  /** Answers a request with JSON, or with the refusal that comes of a failed question. */
  public static void answer(HttpServerRequest request, Future<Buffer> json) {
    json.onSuccess(body -> Answers.sendJson(request, 200, body))
        .onFailure(failure -> Answers.problem(request, problem(failure)));
  }

  /** The refusal that comes of a failed question. */
  public static Problem problem(Throwable failure) {
    return switch (failure) {
      case AwayException away -> Problem.shardUnavailable(String.valueOf(away.getMessage()));
      case SendFailedException away ->
          Problem.later(ErrorCode.KAFKA_UNAVAILABLE, Problem.why(away), 1);
      case RefusedException refused -> refused.problem();
      default -> Failures.internal(failure);
    };
  }

  /** Somebody who should have answered did not. */
  static final class AwayException extends Exception {
    private static final long serialVersionUID = 1L;

    AwayException(String message) {
      super(message);
    }
  }
}
