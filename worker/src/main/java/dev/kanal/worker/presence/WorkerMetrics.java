package dev.kanal.worker.presence;

import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.Slots.Release;
import dev.kanal.worker.report.Reporter;
import java.util.Locale;

/** The worker's numbers as Prometheus reads them. */
public record WorkerMetrics(Pool pool, Reporter reporter, RunTally tally) {
  private static final double SECOND_MS = 1_000;

  public String text() {
    StringBuilder out = new StringBuilder(1_024);
    int busy = pool.taken();
    int total = pool.settings().total();
    single(out, "slots", "gauge", "Tasks that may run at once.", total);
    single(out, "slots_size", "gauge", "Slots that there are now.", pool.size());
    single(out, "slots_busy", "gauge", "Slots in use.", busy);
    single(out, "slots_free", "gauge", "Tasks that could be run besides.", total - busy);
    single(
        out, "tasks_started_total", "counter", "Handlers that were started.", tally.startedCount());
    head(out, "tasks_finished_total", "counter", "Tasks that ended, by outcome.");
    tally.outcomes().forEach((outcome, count) -> labelled(out, "outcome", outcome, count));
    head(out, "slots_released_total", "counter", "Slots that became free, by reason.");
    for (Release reason : Release.values()) {
      String text = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
      labelled(out, "reason", text, pool.released(reason));
    }
    single(out, "events_unsent", "gauge", "Events that Kafka has not taken.", reporter.unsent());
    head(out, "stalled_seconds", "gauge", "For how long Kafka has taken none of them.");
    out.append("kanal_worker_stalled_seconds ")
        .append(reporter.stalledFor().toMillis() / SECOND_MS)
        .append('\n');
    return out.toString();
  }

  private static void single(StringBuilder out, String name, String kind, String help, long value) {
    head(out, name, kind, help);
    out.append("kanal_worker_").append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder out, String name, String kind, String help) {
    out.append("# HELP kanal_worker_").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE kanal_worker_").append(name).append(' ').append(kind).append('\n');
  }

  /** A line of the family that was begun last. */
  private static void labelled(StringBuilder out, String label, String value, long count) {
    int name = out.lastIndexOf("# TYPE ") + "# TYPE ".length();
    String family = out.substring(name, out.indexOf(" ", name));
    out.append(family).append('{').append(label).append("=\"").append(value).append("\"} ");
    out.append(count).append('\n');
  }
}
