package dev.kanal.common.telemetry;

import java.util.stream.Collectors;

/** Renders {@code docs/TELEMETRY.md}. */
final class TelemetryPage {
  private static final String HEAD =
      """
      # Telemetry

      This page is made from the code.

      ## Where it goes

      Traces and metrics are sent by OTLP to `OTEL_EXPORTER_OTLP_ENDPOINT`; without it nothing is sent, and
      nothing complains. The other standard `OTEL_*` variables of OpenTelemetry hold too; the protocol is
      `http/protobuf` unless `OTEL_EXPORTER_OTLP_PROTOCOL` says another, the services are called `kanal` (`up`),
      `kanal-scheduler` and `kanal-worker` unless `OTEL_SERVICE_NAME` does. Logs go by OTLP with
      `OTEL_LOGS_EXPORTER=otlp`.

      The same metrics are read at `GET /metrics` of each scheduler and of each worker's port: as text for
      Prometheus, or, with `Accept: application/openmetrics-text`, in that format with exemplars, which lead
      from a histogram to a trace.

      ## Traces

      One trace holds the life of a job:

      ```
      POST /v1/jobs                                  the call; HTTP conventions
      └─ send kanal.log                              to Kafka and back
         ├─ decide QUEUE                             from the log to the engine's decision
         ├─ wait delay | blocked | retry | queued    for its time, its key or queue, its next attempt, a worker
         ├─ process kanal.tasks.QUEUE.PRIORITY       an attempt; messaging conventions
         │  ├─ …                                     what the handler makes: Context.tracer()
         │  ├─ POST                                  a call of the http handler
         │  ├─ send kanal.log                        a child, whose life goes on below
         │  └─ settle kanal.tasks.QUEUE.PRIORITY     until Kafka has the outcome
         └─ end QUEUE                                of a job that no worker ended: cancelled, expired, lost
      ```

      - An attempt links to the attempt before (`kanal.link=previous_attempt`).
      - An attempt for which its job has waited longer than `telemetry.new-trace-after`, the first after a
        retry by a user, and the first of a schedule's job begin a trace of their own, which links to the one
        that the job, or the schedule, came with (`kanal.link=origin`) and tells in `kanal.waited_ms` how long
        the job waited. Attempts soon after it stand below it.
      - Whether a trace is kept is decided once, where it begins (`OTEL_TRACES_SAMPLER`), and holds for the life
        of the job and of its children.
      - The jobs of one bulk request stand below one `send` span, which tells their number.
      - A failed attempt has status ERROR, `error.type`, and the exception with its stack; `kanal.outcome` says
        how each attempt ended. No status has a text, nor any `url.full` a query. A cancelled one has `error.type=cancelled` and no error status.
      - What the engine decides again after a crash it may tell again: a `decide` or `end` span twice.
      - Polls have no spans: one poll brings the tasks of many traces. Kafka's own producers are not instrumented,
        as their sends begin in another thread; `send` and `settle` are Kanal's, with their failures.
      - `traceparent`, `tracestate` and `baggage` of a call reach the handler (`Context.trace()`, `values()`), its
        children and the calls of the `http` handler. Baggage is at most 8 KiB and 64 members: more is refused
        with 431.

      ## Metrics

      Times are in seconds, with buckets from 1 ms to 1 h. A node tells of its own shards: sum over nodes.
      A replay after a crash counts again.

      | metric | in Prometheus | kind | unit | labels | meaning |
      |---|---|---|---|---|---|
      """;

  private static final String TAIL =
      """

      Beside these come `jvm.*`, as in OpenTelemetry's conventions for the JVM, and `kafka.producer.*` and
      `kafka.consumer.*`, made of the metrics of Kafka's own clients: those that send to the log, the tasks and
      the workers' events, and those of the engine.
      """;

  private TelemetryPage() {}

  static String render() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Metric metric : Metric.values()) {
      String labels =
          metric.labels().stream()
              .map(label -> "`" + label.key().getKey() + "`")
              .collect(Collectors.joining(", "));
      page.append(
          String.format(
              "| `%s` | `%s` | %s | %s | %s | %s |\n",
              metric.text(),
              metric.prometheus(),
              metric.kind().text(),
              metric.unit(),
              labels,
              metric.meaning()));
    }
    page.append("\n| label | values |\n|---|---|\n");
    for (Label label : Label.values()) {
      page.append(String.format("| `%s` | %s |\n", label.key().getKey(), label.meaning()));
    }
    return page.append(TAIL).toString();
  }
}
