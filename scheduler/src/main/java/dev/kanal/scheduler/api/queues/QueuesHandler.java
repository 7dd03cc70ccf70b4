package dev.kanal.scheduler.api.queues;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.api.counts.Announcers;
import dev.kanal.scheduler.api.counts.LagSampler;
import dev.kanal.scheduler.api.counts.LagSeries;
import dev.kanal.scheduler.api.counts.QueueCounts;
import dev.kanal.scheduler.api.counts.QueueSum;
import dev.kanal.scheduler.api.counts.StatsWatch;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.queues.QueueDirectory;
import dev.kanal.scheduler.stats.RunTally;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/queues} and {@code GET /v1/queues/{name}}: how queues are set, what waits and what
 * runs. Says nothing rather than too little: a shard that nobody speaks for makes it a 503.
 */
final class QueuesHandler {
  private final QueueDirectory queues;
  private final AllOwners owners;
  private final QueueCounts counts;
  private final Seen seen;
  private final InstantSource clock;

  QueuesHandler(
      QueueDirectory queues, AllOwners owners, QueueCounts counts, Seen seen, InstantSource clock) {
    this.queues = queues;
    this.owners = owners;
    this.counts = counts;
    this.seen = seen;
    this.clock = clock;
  }

  /** What this node has seen of queues over time, and which workers it knows. */
  record Seen(LagSampler sampler, StatsWatch watch, KnownWorkers workers) {}

  void list(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Future<Set<String>> names = owners.here(queues.names());
    AllOwners.answer(
        request,
        Future.all(names, counts.everywhere())
            .map(all -> list(all.<Set<String>>resultAt(0), all.resultAt(1))));
  }

  void get(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = String.valueOf(routing.pathParam("name"));
    if (!JobSpec.QUEUE.matcher(name).matches()) {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(name)));
    } else {
      Future<Integer> partitions = owners.here(queues.partitions(name));
      Future<Map<Priority, Map<Integer, Long>>> groups =
          owners.here(queues.groupLags(name)).otherwise(Map.of());
      Future.all(partitions, counts.everywhere(), groups)
          .onSuccess(
              all ->
                  answer(
                      request,
                      new Asked(name, partitions.result(), groups.result()),
                      all.resultAt(1)))
          .onFailure(failure -> Answers.problem(request, AllOwners.problem(failure)));
    }
  }

  /** A queue, and what the brokers know of it. */
  private record Asked(String name, int partitions, Map<Priority, Map<Integer, Long>> groups) {}

  private void answer(HttpServerRequest request, Asked asked, Map<String, QueueSum> sums) {
    String name = asked.name;
    int partitions = asked.partitions;
    QueueRecord said = queues.known().of(name);
    QueueSum sum = sums.getOrDefault(name, QueueSum.NONE);
    QueueSettings settings = said == null ? null : said.settings();
    if (settings == null && partitions == 0 && sum.unfinished() == 0) {
      Answers.problem(request, Problem.noSuchQueue(name));
      return;
    }
    long revision = settings == null || said == null ? 0 : said.revision();
    QueueSettings shown =
        settings == null ? queues.defaults().withPartitions(Math.max(1, partitions)) : settings;
    RunTally runs = seen.watch.queue(name, clock.millis());
    var live = Announcers.live(seen.workers);
    var all = new Shown(name, shown, revision, sum, seen.sampler.rates(name), asked.groups, live);
    Answers.sendTagged(request, Conditions.etag(revision), () -> write(all, runs));
  }

  private Buffer list(Set<String> names, Map<String, QueueSum> sums) {
    TreeMap<String, @Nullable QueueRecord> all = new TreeMap<>();
    names.forEach(name -> all.put(name, null));
    sums.forEach(
        (name, sum) -> {
          if (sum.unfinished() > 0) {
            all.put(name, null);
          }
        });
    queues.known().all().forEach(said -> all.put(said.queue(), said));
    long now = clock.millis();
    List<WorkerReport> live = Announcers.live(seen.workers);
    return Json.write(
        512,
        (out, _) -> {
          out.writeStartObject();
          out.writeArrayFieldStart("items");
          for (Map.Entry<String, @Nullable QueueRecord> each : all.entrySet()) {
            QueueRecord said = each.getValue();
            QueueSettings settings = said == null ? null : said.settings();
            QueueSum sum = sums.getOrDefault(each.getKey(), QueueSum.NONE);
            out.writeStartObject();
            writeQueue(
                out,
                new Shown(
                    each.getKey(),
                    settings == null ? queues.defaults() : settings,
                    said == null ? 0 : said.revision(),
                    sum,
                    seen.sampler.rates(each.getKey()),
                    Map.of(),
                    live),
                now);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeNullField("nextCursor");
          out.writeEndObject();
        });
  }

  private Buffer write(Shown queue, @Nullable RunTally runs) {
    long now = clock.millis();
    return Json.write(
        512,
        (out, _) -> {
          out.writeStartObject();
          writeQueue(out, queue, now);
          if (runs != null) {
            out.writeObjectFieldStart("latency");
            StatsHandler.writePercentiles(out, "wait", runs.waits());
            StatsHandler.writePercentiles(out, "run", runs.runs());
            out.writeEndObject();
          }
          out.writeEndObject();
        });
  }

  /** Writes the fields into an object that is open. */
  private static void writeQueue(JsonGenerator out, Shown queue, long now) throws IOException {
    QueueSettingsJson.writeFields(out, queue.name, queue.settings, queue.revision);
    queue.sum.write(now, queue.rates, out);
    writeWorkers(out, queue);
    out.writeArrayFieldStart("lanes");
    for (Priority priority : Priority.values()) {
      long lag = queue.sum.lanes().getOrDefault(priority, 0L);
      Map<Integer, Long> partitions = queue.groups.getOrDefault(priority, Map.of());
      if (lag > 0 || !partitions.isEmpty()) {
        out.writeStartObject();
        out.writeStringField("priority", priority.text());
        out.writeNumberField("lag", lag);
        writePartitions(out, partitions);
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private static void writePartitions(JsonGenerator out, Map<Integer, Long> partitions)
      throws IOException {
    if (!partitions.isEmpty()) {
      out.writeArrayFieldStart("partitions");
      for (Map.Entry<Integer, Long> each : new TreeMap<>(partitions).entrySet()) {
        out.writeStartObject();
        out.writeNumberField("partition", each.getKey());
        out.writeNumberField("groupLag", each.getValue());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
  }

  /** Says nothing of workers while it is not known which there are. */
  private static void writeWorkers(JsonGenerator out, Shown queue) throws IOException {
    if (queue.live != null) {
      long taking = queue.live.stream().filter(each -> each.takes(queue.name)).count();
      out.writeNumberField("workers", taking);
      out.writeBooleanField("noWorker", taking == 0 && queue.sum.wantsWorker() > 0);
    }
    out.writeArrayFieldStart("unhandledTypes");
    for (Map.Entry<String, Unhandled> each : queue.sum.unhandledTypes()) {
      out.writeStartObject();
      out.writeStringField("type", each.getKey());
      out.writeNumberField("jobs", each.getValue().jobs());
      if (each.getValue().atLeast()) {
        out.writeBooleanField("atLeast", true);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /**
   * A queue as it is answered.
   *
   * @param groups records that its share group has not settled, by channel and partition
   * @param live workers, if it is known which there are
   */
  private record Shown(
      String name,
      QueueSettings settings,
      long revision,
      QueueSum sum,
      LagSeries.@Nullable Rates rates,
      Map<Priority, Map<Integer, Long>> groups,
      @Nullable List<WorkerReport> live) {}
}
