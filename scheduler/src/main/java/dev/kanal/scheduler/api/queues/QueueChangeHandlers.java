package dev.kanal.scheduler.api.queues;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT}, {@code PATCH} and {@code DELETE /v1/queues/{name}}, {@code pause} and {@code
 * resume}: done by the owner of the queue's home shard, answered when this node knows of it, too.
 */
final class QueueChangeHandlers {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final CallThreads threads;
  private final KnownQueues known;
  private final Shards shards;
  private final OwnerRouting atOwner;
  private final QueueChanges changes;

  QueueChangeHandlers(
      CallThreads threads,
      QueueChanges changes,
      KnownQueues known,
      JobReader reader,
      NodeClient forwarder) {
    this.threads = threads;
    this.known = known;
    this.shards = new Shards(reader.shards());
    this.atOwner =
        new OwnerRouting(reader::ownerOf, forwarder, OwnerRouting.LONG_PATIENCE, this::readBack);
    this.changes = changes;
  }

  /** What is done with a queue, on the node that owns its home shard. */
  private interface Act {
    Answer on(String queue, byte[] body, Conditions conditions) throws RefusedException;
  }

  void put(RoutingContext routing, BodyReader bodies) {
    HttpServerRequest request = routing.request();
    String queue = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(queue).matches()) {
      bodies.read(request, body -> run(request, queue, body, this::put));
      return;
    }
    String detail =
        "Expected a name that matches " + JobSpec.QUEUE + ", but got " + Quoted.of(queue);
    Answers.problem(request, Problem.invalid(List.of(new FieldError("", detail))));
  }

  private Answer put(String queue, byte[] body, Conditions conditions) throws RefusedException {
    return answer(changes.put(queue, QueueFields.parse(body), conditions));
  }

  void patch(RoutingContext routing, BodyReader bodies) {
    HttpServerRequest request = routing.request();
    String queue = existing(routing);
    if (queue != null) {
      bodies.read(
          request,
          body ->
              run(
                  request,
                  queue,
                  body,
                  (name, patch, conditions) -> answer(changes.patch(name, patch, conditions))));
    }
  }

  void pause(RoutingContext routing) {
    act(routing, (queue, _, conditions) -> answer(changes.pause(queue, true, conditions)));
  }

  void resume(RoutingContext routing) {
    act(routing, (queue, _, conditions) -> answer(changes.pause(queue, false, conditions)));
  }

  void delete(RoutingContext routing) {
    act(
        routing,
        (queue, _, conditions) -> {
          changes.delete(queue, conditions);
          return Answer.noContent();
        });
  }

  private void act(RoutingContext routing, Act act) {
    String queue = existing(routing);
    if (queue != null) {
      run(routing.request(), queue, new byte[0], act);
    }
  }

  private void run(HttpServerRequest request, String queue, byte[] body, Act act) {
    threads.run(
        request,
        () ->
            atOwner.answer(
                request,
                shards.ofQueue(queue),
                Buffer.buffer(body),
                () -> act.on(queue, body, Conditions.of(request))));
  }

  /** The queue in the path; null if there can be none of this name, which is then answered. */
  private static @Nullable String existing(RoutingContext routing) {
    String queue = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(queue).matches()) {
      return queue;
    }
    Answers.problem(routing.request(), Problem.noSuchQueue(Quoted.of(queue)));
    return null;
  }

  private static Answer answer(QueueRecord said) {
    QueueSettings settings = said.settings();
    if (settings == null) {
      return Answer.problem(Problem.noSuchQueue(said.queue()));
    }
    byte[] json = QueueSettingsJson.write(said.queue(), settings, said.revision());
    return Answer.json(200, Buffer.buffer(json)).with("ETag", Conditions.etag(said.revision()));
  }

  /** Waits, for a while, until this node has read what the owner did. */
  private Future<?> readBack(HttpServerRequest request, NodeClient.Passed.Answered answer) {
    String queue = String.valueOf(request.path()).split("/", 5)[3];
    String etag = answer.headers().get("ETag");
    QueueRecord before = known.of(queue);
    long revision =
        answer.status() == 204
            ? before == null || before.settings() == null ? 0 : before.revision() + 1
            : answer.status() == 200 && etag != null
                ? Long.parseLong(etag.substring(1, etag.length() - 1))
                : 0;
    return revision == 0
        ? Future.succeededFuture()
        : Future.fromCompletionStage(known.await(queue, revision, PATIENCE));
  }
}
