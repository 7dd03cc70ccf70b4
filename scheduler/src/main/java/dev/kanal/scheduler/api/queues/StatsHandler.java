package dev.kanal.scheduler.api.queues;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.api.counts.Announcers;
import dev.kanal.scheduler.api.counts.Finding;
import dev.kanal.scheduler.api.counts.Findings;
import dev.kanal.scheduler.api.counts.Period;
import dev.kanal.scheduler.api.counts.QueueCounts;
import dev.kanal.scheduler.api.counts.QueueSum;
import dev.kanal.scheduler.api.counts.SeriesRing;
import dev.kanal.scheduler.api.counts.StatsWatch;
import dev.kanal.scheduler.api.counts.StatsWatch.Window;
import dev.kanal.scheduler.api.counts.WorkerTotals;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import dev.kanal.scheduler.stats.Histogram;
import dev.kanal.scheduler.stats.RunTally;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/stats}: how the whole installation stands, and {@code GET /v1/stats/series}: over
 * time, as this node has seen it. Says nothing rather than too little.
 */
final class StatsHandler {
  static final Set<String> QUERY = Set.of("window");

  private final JobReader reader;
  private final QueueDirectory queues;
  private final QueueCounts counts;
  private final StatsWatch watch;
  private final KnownWorkers workers;
  private final InstantSource clock;

  StatsHandler(
      JobReader reader,
      QueueDirectory queues,
      QueueCounts counts,
      QueuesHandler.Seen seen,
      InstantSource clock) {
    this.reader = reader;
    this.queues = queues;
    this.counts = counts;
    this.watch = seen.watch();
    this.workers = seen.workers();
    this.clock = clock;
  }

  void now(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = request.getParam("window", Window.MINUTE.text());
    Window window = Window.of(text);
    if (window == null) {
      Answers.problem(
          request,
          Problem.malformedQuery("Expected 1m, 15m or 24h as window, but got " + Quoted.of(text)));
    } else {
      AllOwners.answer(request, counts.everywhere().map(sums -> write(window, sums)));
    }
  }

  void series(RoutingContext routing) {
    SeriesQuery query = SeriesQuery.of(routing.request());
    if (query == null) {
      return;
    }
    long from = clock.millis() - query.last().toMillis();
    List<SeriesRing.Row> rows = watch.since(from, query.fine());
    Buffer body =
        Json.write(
            512 + rows.size() * 128,
            (out, _) -> {
              out.writeStartObject();
              query.writeTimes(out, rows, SeriesRing.Row::atMs);
              for (int i = 0; i < StatsWatch.COLUMNS.size(); i++) {
                int column = i;
                SeriesQuery.writeColumn(
                    out, StatsWatch.COLUMNS.get(column), rows, row -> row.value(column));
              }
              out.writeEndObject();
            });
    Answers.sendJson(routing.request(), 200, body);
  }

  private Buffer write(Window window, Map<String, QueueSum> sums) {
    long now = clock.millis();
    Period period = watch.over(window, now);
    QueueSum sum = StatsWatch.sum(sums);
    WorkerTotals totals = WorkerTotals.of(workers.live());
    List<Finding> findings = findings(sums, now);
    return Json.write(
        1_024,
        (out, _) -> {
          out.writeStartObject();
          out.writeStringField("at", Times.format(clock.instant()));
          out.writeStringField("window", window.text());
          out.writeNumberField("coveredSeconds", period.ms() / 1_000.0);
          out.writeFieldName("health");
          Findings.write(findings, out);
          sum.writeStanding(now, out);
          writeRates(out, "rates", period);
          writeRates(out, "live", watch.last());
          writeNullable(out, "successRatio", period.successRatio());
          out.writeNumberField("workers", totals.workers());
          out.writeObjectFieldStart("slots");
          out.writeNumberField("busy", totals.busy());
          out.writeNumberField("total", totals.total());
          out.writeEndObject();
          writeShards(out);
          out.writeObjectFieldStart("latency");
          writePercentiles(out, "wait", period.runs().waits());
          writePercentiles(out, "run", period.runs().runs());
          writePercentiles(out, "total", period.runs().totals());
          out.writeEndObject();
          out.writeEndObject();
        });
  }

  /** How the shards of this node stand. */
  private void writeShards(JsonGenerator out) throws IOException {
    JobReader.Health health = reader.health();
    Instant since = health.behindSince();
    out.writeObjectFieldStart("shards");
    out.writeBooleanField("upToDate", health.upToDate());
    if (since != null) {
      out.writeStringField("behindSince", Times.format(since));
    }
    out.writeStringField("detail", health.detail());
    out.writeEndObject();
  }

  private List<Finding> findings(Map<String, QueueSum> sums, long now) {
    long dead = watch.over(Window.QUARTER, now).runs().ends().dead();
    var live = Announcers.live(workers);
    return Findings.of(new Findings.Seen(sums, queues::settings, live, dead, now));
  }

  private static void writeRates(JsonGenerator out, String name, Period period) throws IOException {
    RunTally.Ends ends = period.runs().ends();
    out.writeObjectFieldStart(name);
    writeNullable(out, "arrivalRate", period.rate(period.arrived()));
    writeNullable(out, "completionRate", period.rate(ends.succeeded()));
    writeNullable(out, "failureRate", period.rate(ends.failed()));
    writeNullable(out, "deadRate", period.rate(ends.dead()));
    out.writeEndObject();
  }

  static void writePercentiles(JsonGenerator out, String name, Histogram times) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("count", times.total());
    writeNullable(out, "p50", times.quantile(0.5));
    writeNullable(out, "p95", times.quantile(0.95));
    writeNullable(out, "p99", times.quantile(0.99));
    out.writeEndObject();
  }

  private static void writeNullable(JsonGenerator out, String name, @Nullable Double value)
      throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, Math.round(value * 1e6) / 1e6);
    }
  }
}
