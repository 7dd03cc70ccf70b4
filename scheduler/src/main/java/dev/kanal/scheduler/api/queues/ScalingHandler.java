package dev.kanal.scheduler.api.queues;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.api.counts.QueueCounts;
import dev.kanal.scheduler.api.counts.QueueSum;
import dev.kanal.scheduler.api.counts.ScalingRule;
import dev.kanal.scheduler.api.counts.ScalingRule.QueueWorkers;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Map;

/**
 * {@code GET /v1/scaling/{queue}}: the numbers by which somebody starts and stops workers. They are
 * asked for at each call; where a shard does not answer, it is a 503. What waits in a paused queue,
 * or behind a limit, needs nobody.
 */
final class ScalingHandler {
  private final QueueDirectory queues;
  private final KnownWorkers workers;
  private final AllOwners owners;
  private final QueueCounts counts;
  private final InstantSource clock;

  ScalingHandler(
      QueueDirectory queues,
      KnownWorkers workers,
      AllOwners owners,
      QueueCounts counts,
      InstantSource clock) {
    this.queues = queues;
    this.workers = workers;
    this.owners = owners;
    this.counts = counts;
    this.clock = clock;
  }

  void get(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String queue = String.valueOf(routing.pathParam("queue"));
    if (!JobSpec.QUEUE.matcher(queue).matches()) {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(queue)));
    } else if (!workers.isComplete()) {
      Answers.problem(
          request, Problem.shardUnavailable("This node has not read yet which workers there are"));
    } else {
      Future<Integer> partitions = owners.here(queues.partitions(queue));
      Future<Map<String, QueueSum>> sums = counts.everywhere();
      Future.all(partitions, sums)
          .onSuccess(_ -> answer(request, queue, partitions.result(), sums.result()))
          .onFailure(failure -> Answers.problem(request, AllOwners.problem(failure)));
    }
  }

  private void answer(
      HttpServerRequest request, String queue, int partitions, Map<String, QueueSum> sums) {
    QueueSum sum = sums.getOrDefault(queue, QueueSum.NONE);
    if (!queues.makesQueues()
        && queues.known().settings(queue) == null
        && partitions == 0
        && sum.unfinished() == 0) {
      Answers.problem(request, Problem.noSuchQueue(queue));
    } else {
      Answers.sendJson(request, 200, write(queue, sum));
    }
  }

  /** More workers like those that lack a type would not help; one is to be there, or to come. */
  private static long untyped(QueueSum sum, QueueWorkers ofQueue) {
    long jobs = sum.blocked(WaitCause.TYPE);
    return ofQueue.workers() == 0 ? jobs : Math.min(jobs, 1);
  }

  private Buffer write(String queue, QueueSum sum) {
    QueueWorkers ofQueue = QueueWorkers.of(queue, workers.live());
    QueueSettings settings = queues.settings(queue);
    long due = settings.paused() ? 0 : sum.lag() + untyped(sum, ofQueue);
    int desired = ScalingRule.desiredWorkers(due, sum.inFlight(), ofQueue, settings.scaling());
    long now = clock.millis();
    return Json.write(
        256,
        (out, _) -> {
          out.writeStartObject();
          out.writeStringField("queue", queue);
          out.writeNumberField("lag", sum.lag());
          out.writeNumberField("oldestAgeSeconds", sum.oldestAgeSeconds(now));
          out.writeNumberField("inFlight", sum.inFlight());
          out.writeNumberField("busySlots", ofQueue.busySlots());
          out.writeNumberField("totalSlots", ofQueue.totalSlots());
          out.writeNumberField("desiredWorkers", desired);
          out.writeEndObject();
        });
  }
}
