package dev.kanal.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.JobState;
import dev.kanal.common.telemetry.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboards and alerts ask for existing metrics; the Docker suite asks a real Prometheus. */
final class GrafanaTest {
  /** The labels that Prometheus adds to those of a metric. */
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

  /** Metrics of the JVM that are asked for, with their labels in /metrics. */
  private static final Map<String, Set<String>> OF_THE_JVM =
      Map.of(
          "jvm_cpu_time_seconds_total", Set.of(),
          "jvm_memory_used_bytes", Set.of("jvm_memory_type", "jvm_memory_pool_name"),
          "jvm_gc_duration_seconds_sum", Set.of("jvm_gc_name", "jvm_gc_action"),
          "jvm_thread_count", Set.of("jvm_thread_daemon", "jvm_thread_state"));

  /** Placeholders by label. */
  private static final Map<String, Set<String>> VALUES =
      Map.of(
          "kanal_job_state",
          Arrays.stream(JobState.values()).map(Enum::name).collect(Collectors.toSet()),
          "kanal_cause",
          Set.of("key", "run", "concurrency", "rate", "paused", "topic", "turn", "type"),
          "kanal_slots",
          Set.of("most", "now", "busy"),
          "kanal_outcome",
          Set.of("succeeded"),
          "jvm_memory_type",
          Set.of("heap", "non_heap"));

  private final Grafana grafana = new Grafana();

  @Test
  void shouldAskOnlyForMetricsAndLabelsThatThereAre() throws IOException {
    Map<String, Set<String>> known = known();
    List<String> wrong = new ArrayList<>();
    for (Asked asked : grafana.asked()) {
      complaints(asked.expression(), known)
          .forEach(complaint -> wrong.add(asked.where() + ": " + complaint));
    }
    assertEquals(List.of(), wrong);
  }

  /**
   * The exporter of /metrics and Prometheus's reader of OTLP name what has such a unit differently.
   */
  @Test
  void shouldHaveTheSameNamesByBothWays_asNoUnitIsOne() {
    assertEquals(
        List.of(),
        Arrays.stream(Metric.values()).filter(metric -> metric.unit().equals("1")).toList());
  }

  @Test
  void shouldAskSomethingInEveryDashboard() throws IOException {
    assertTrue(grafana.asked().size() > 60, () -> "Expected the expressions of four dashboards");
  }

  @Test
  void shouldComplain_whenMetricsOrLabelsAreMadeUp() {
    Map<String, Set<String>> known = known();

    assertEquals(
        List.of("no metric kanal_queue_lags"), complaints("sum(kanal_queue_lags) > 1", known));
    assertEquals(
        List.of("kanal_queue_lag has no label queue"),
        complaints("sum by (queue) (kanal_queue_lag)", known));
    assertEquals(
        List.of("kanal_queue_lag has no label state"),
        complaints("kanal_queue_lag{state=\"DEAD\"}", known));
    assertEquals(
        List.of("kanal_job_state is never DAED"),
        complaints("rate(kanal_job_transitions_total{kanal_job_state=\"DAED\"}[5m])", known));
    assertEquals(
        List.of("no metric kanal_task_wait_seconds"),
        complaints("rate(kanal_task_wait_seconds[5m])", known));
  }

  @Test
  void shouldHaveStableIds_andNoneOfAnInstallation() throws IOException {
    Set<String> ids = new TreeSet<>();
    for (JsonNode dashboard : grafana.dashboards()) {
      ids.add(dashboard.path("uid").asText());
      assertTrue(dashboard.path("id").isNull(), dashboard.path("title").asText());
      Set<Integer> panels = new TreeSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        assertTrue(panels.add(panel.path("id").asInt()), () -> "two panels with one id: " + panel);
        assertTrue(
            panel.path("datasource").isMissingNode()
                || panel.path("datasource").path("uid").asText().equals("${datasource}"),
            panel.path("title").asText());
      }
    }
    assertEquals(Set.of("kanal-engine", "kanal-overview", "kanal-queue", "kanal-workers"), ids);
  }

  @Test
  void shouldSayWhatToDo_forEveryAlert() throws IOException {
    String page = Files.readString(Project.root().resolve("docs/OPERATIONS.md"));
    String rules = Files.readString(grafana.alertsFile());
    for (String alert : grafana.alerts()) {
      assertTrue(page.contains("\n### " + alert + "\n"), () -> "no paragraph about " + alert);
      assertTrue(
          rules.contains("docs/OPERATIONS.md#" + alert.toLowerCase(Locale.ROOT) + "\n"), alert);
    }
  }

  private static List<String> complaints(String expression, Map<String, Set<String>> known) {
    List<String> complaints = new ArrayList<>();
    PromQl read = PromQl.of(expression);
    read.metrics()
        .forEach(
            (metric, selections) -> {
              Set<String> labels = known.get(metric);
              if (labels == null) {
                complaints.add("no metric " + metric);
                return;
              }
              Stream<String> used = selections.stream().map(PromQl.Selection::label);
              Stream.concat(used, read.grouping().stream())
                  .filter(label -> !labels.contains(label) && !OF_PROMETHEUS.contains(label))
                  .forEach(label -> complaints.add(metric + " has no label " + label));
              selections.forEach(selection -> addUnknown(selection, complaints));
            });
    return complaints;
  }

  private static void addUnknown(PromQl.Selection selection, List<String> complaints) {
    Set<String> values = VALUES.get(selection.label());
    boolean exact = selection.operator().equals("=") || selection.operator().equals("!=");
    if (exact && values != null && !values.contains(selection.value())) {
      complaints.add(selection.label() + " is never " + selection.value());
    }
  }

  private static Map<String, Set<String>> known() {
    Map<String, Set<String>> known = new HashMap<>(OF_THE_JVM);
    for (Metric metric : Metric.values()) {
      Set<String> labels =
          metric.labels().stream()
              .map(label -> label.key().getKey().replace('.', '_'))
              .collect(Collectors.toSet());
      if (metric.kind() == Metric.Kind.HISTOGRAM) {
        for (String part : List.of("_bucket", "_sum", "_count")) {
          known.put(metric.prometheus() + part, labels);
        }
      } else {
        known.put(metric.prometheus(), labels);
      }
    }
    return known;
  }
}
