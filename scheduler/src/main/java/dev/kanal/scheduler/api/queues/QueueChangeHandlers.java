package dev.kanal.scheduler.api.queues;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.node.Owners;
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
import java.util.function.Consumer;

/**
 * {@code PUT}, {@code PATCH} and {@code DELETE /v1/queues/{name}}, {@code pause} and {@code
 * resume}: done by the owner of the queue's home shard, answered when this node knows of it, too.
 */
final class QueueChangeHandlers {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final KnownQueues known;
  private final Shards shards;
  private final BodyReader bodies;
  private final OwnerRouting atOwner;
  private final QueueChanges changes;

  QueueChangeHandlers(
      QueueChanges changes,
      KnownQueues known,
      BodyReader bodies,
      JobReader reader,
      NodeClient forwarder) {
    this.known = known;
    this.shards = new Shards(reader.shards());
    this.bodies = bodies;
    this.atOwner =
        new OwnerRouting(reader::ownerOf, forwarder, OwnerRouting.LONG_PATIENCE, this::readBack);
    this.changes = changes;
  }

  void put(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String queue = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(queue).matches()) {
      withBody(request, queue, body -> put(request, queue, body));
      return;
    }
    String detail =
        "Expected a name that matches " + JobSpec.QUEUE + ", but got " + Quoted.of(queue);
    Answers.problem(request, Problem.invalid(List.of(new FieldError("", detail))));
  }

  void patch(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String queue = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(queue).matches()) {
      withBody(
          request,
          queue,
          body -> answer(request, changes.patch(queue, body, Conditions.of(request))));
    } else {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(queue)));
    }
  }

  private void withBody(HttpServerRequest request, String queue, Consumer<byte[]> then) {
    bodies.read(
        request,
        body ->
            atOwner.handle(
                request, shards.ofQueue(queue), Buffer.buffer(body), () -> then.accept(body)));
  }

  private void put(HttpServerRequest request, String queue, byte[] body) {
    try {
      QueueDraft draft = JsonBody.read(body, 0, body.length, QueueDraft::read);
      if (draft.errors().isEmpty()) {
        answer(request, changes.put(queue, draft, Conditions.of(request)));
      } else {
        Answers.problem(request, Problem.invalid(draft.errors()));
      }
    } catch (JsonBody.MalformedException e) {
      Answers.problem(request, e.problem());
    }
  }

  void pause(RoutingContext routing) {
    act(routing, queue -> pause(routing.request(), queue, true));
  }

  void resume(RoutingContext routing) {
    act(routing, queue -> pause(routing.request(), queue, false));
  }

  private void pause(HttpServerRequest request, String queue, boolean paused) {
    answer(request, changes.pause(queue, paused, Conditions.of(request)));
  }

  void delete(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    act(
        routing,
        queue ->
            changes
                .delete(queue, Conditions.of(request))
                .onSuccess(_ -> Answers.noContent(request))
                .onFailure(failure -> Answers.problem(request, problem(failure))));
  }

  private void act(RoutingContext routing, Act act) {
    HttpServerRequest request = routing.request();
    String queue = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(queue).matches()) {
      atOwner.handle(request, shards.ofQueue(queue), Buffer.buffer(), () -> act.on(queue));
    } else {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(queue)));
    }
  }

  private static void answer(HttpServerRequest request, Future<QueueRecord> changed) {
    changed
        .onSuccess(said -> answer(request, said))
        .onFailure(failure -> Answers.problem(request, problem(failure)));
  }

  private static void answer(HttpServerRequest request, QueueRecord said) {
    QueueSettings settings = said.settings();
    if (settings == null) {
      Answers.problem(request, Problem.noSuchQueue(said.queue()));
      return;
    }
    request.response().putHeader("ETag", Conditions.etag(said.revision()));
    byte[] json = QueueSettingsJson.write(said.queue(), settings, said.revision());
    Answers.sendJson(request, 200, Buffer.buffer(json));
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof RefusedException refused
        ? refused.problem()
        : Owners.problem(failure);
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

  /** What is done with a queue. */
  private interface Act {
    void on(String queue);
  }
}
