package dev.kanal.check.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules are read and made faster; what Prometheus answers is read. */
final class RulesTest {
  private static final String TEXT =
      """
      groups:
        - name: kanal
          rules:
            - alert: One
              expr: sum(increase(dead_total{state="for 5m"}[10m])) > 300 unless dead_total offset 1h
              for: 15s
            - alert: Two
              expr: age_seconds > 10
              for: 2m
      """;

  @Test
  void shouldDivideDurations_andNothingElse() {
    String faster =
        """
        groups:
          - name: kanal
            rules:
              - alert: One
                expr: sum(increase(dead_total{state="for 5m"}[60000ms])) > 300 unless dead_total offset 360000ms
                for: 1500ms
              - alert: Two
                expr: age_seconds > 10
                for: 12000ms
        """;

    assertEquals(faster, new Rules(TEXT).faster(10).text());
  }

  @Test
  void shouldNameTheAlerts() {
    assertEquals(List.of("One", "Two"), new Rules(TEXT).names());
  }

  @Test
  void shouldReadTheShippedRules() {
    Rules shipped = Rules.read(Path.of("..", "grafana", "alerts.yml"));

    assertTrue(shipped.names().contains("KanalKafkaAway"));
    assertEquals(Set.of(), durations(shipped.faster(10)));
  }

  @Test
  void shouldTellWhatFires_andNotWhatIsPending() throws Exception {
    String answer =
        """
        {"status":"success","data":{"alerts":[
          {"labels":{"alertname":"A"},"annotations":{"summary":"one"},"state":"firing"},
          {"labels":{"alertname":"A"},"annotations":{"summary":"two"},"state":"firing"},
          {"labels":{"alertname":"B"},"annotations":{"summary":"three"},"state":"pending"}]}}
        """;

    assertEquals(Map.of("A", "one; two"), Prometheus.firing(new ObjectMapper().readTree(answer)));
  }

  /** Those that are not in milliseconds. */
  private static Set<String> durations(Rules rules) {
    return Set.copyOf(
        Pattern.compile("(?m:^ +for: |\\[|offset )\\d+[smh]\\b")
            .matcher(rules.text())
            .results()
            .map(MatchResult::group)
            .toList());
  }
}
