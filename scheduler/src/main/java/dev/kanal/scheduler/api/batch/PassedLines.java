package dev.kanal.scheduler.api.batch;

import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a batch upload that other nodes answer. They go as batch uploads of their own, one at a
 * time to each node, so that they arrive in their order; what comes meanwhile makes the next one.
 * Bounded by what a batch upload may have under way.
 */
final class PassedLines {
  private final HttpServerRequest request;
  private final NodeClient forwarder;
  private final Runnable wake;
  private final Map<NodeClient.Node, Batch> gathered = new HashMap<>();

  PassedLines(HttpServerRequest request, NodeClient forwarder, Runnable wake) {
    this.request = request;
    this.forwarder = forwarder;
    this.wake = wake;
  }

  /**
   * Takes a line whose bytes begin at {@code from}.
   *
   * @param before what must be over, well or not, before the line is sent
   */
  void add(
      NodeClient.Node node,
      @Nullable CompletableFuture<?> before,
      BatchLine line,
      byte[] bytes,
      int from) {
    Batch batch = gathered.computeIfAbsent(node, _ -> new Batch());
    if (before != null) {
      batch.before.add(before);
    }
    batch.lines.add(line);
    batch.body.appendBytes(bytes, from, line.bytes).appendByte((byte) '\n');
  }

  /** Sends what was gathered for nodes that are not busy with lines of this request. */
  void flush() {
    gathered.forEach(
        (node, batch) -> {
          if (!batch.busy && !batch.lines.isEmpty()) {
            send(node, batch);
          }
        });
  }

  private void send(NodeClient.Node node, Batch batch) {
    List<BatchLine> lines = batch.lines;
    Buffer body = batch.body;
    CompletableFuture<Void> before =
        CompletableFuture.allOf(batch.before.toArray(CompletableFuture[]::new));
    batch.lines = new ArrayList<>();
    batch.body = Buffer.buffer();
    batch.before.clear();
    batch.busy = true;
    Later.of(before.exceptionally(_ -> null)).onComplete(_ -> pass(node, batch, lines, body));
  }

  private void pass(NodeClient.Node node, Batch batch, List<BatchLine> lines, Buffer body) {
    var _ =
        forwarder
            .pass(node, request, body, OwnerRouting.LONG_PATIENCE)
            .onComplete(
                passed -> {
                  batch.busy = false;
                  settle(
                      lines,
                      passed.succeeded() ? passed.result() : new NodeClient.Passed.Unanswered());
                  flush();
                  wake.run();
                });
  }

  private static void settle(List<BatchLine> lines, NodeClient.Passed passed) {
    switch (passed) {
      case NodeClient.Passed.Answered answered when answered.status() == 200 ->
          passBack(lines, answered.body());
      case NodeClient.Passed.Answered answered ->
          refuse(
              lines,
              Problem.shardUnavailable("The owner of its shard answered " + answered.status()));
      case NodeClient.Passed.NotSent() ->
          refuse(lines, Problem.shardUnavailable("The owner of its shard does not answer"));
      case NodeClient.Passed.Unanswered() -> refuse(lines, unanswered());
    }
  }

  private static void refuse(List<BatchLine> lines, Problem problem) {
    lines.forEach(line -> line.finish(new BatchLine.Refused(problem)));
  }

  private static Problem unanswered() {
    return Problem.shardAmbiguous(
        "The owner of its shard got the line and did not answer: the job may exist");
  }

  /** The n-th line of the answer is about the n-th line that was sent; its number is another. */
  private static void passBack(List<BatchLine> lines, Buffer body) {
    String[] answers = body.toString(StandardCharsets.UTF_8).split("\n");
    for (int i = 0; i < lines.size(); i++) {
      int comma = i < answers.length ? answers[i].indexOf(',') : -1;
      lines
          .get(i)
          .finish(
              comma < 0
                  ? new BatchLine.Refused(unanswered())
                  : new BatchLine.PassedBack(Buffer.buffer(answers[i].substring(comma))));
    }
  }

  /** What waits for a node, and whether it is busy. */
  private static final class Batch {
    private final List<CompletableFuture<?>> before = new ArrayList<>();
    private List<BatchLine> lines = new ArrayList<>();
    private Buffer body = Buffer.buffer();
    private boolean busy;
  }
}
