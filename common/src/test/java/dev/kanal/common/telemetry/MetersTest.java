package dev.kanal.common.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.Attributes;
import org.junit.jupiter.api.Test;

final class MetersTest {
  @Test
  void namesAreBounded() {
    BoundedNames names = new BoundedNames();
    for (int i = 0; i < BoundedNames.MAX; i++) {
      assertEquals("queue-" + i, names.of("queue-" + i));
    }
    assertEquals(BoundedNames.OTHER, names.of("one-more"));
    assertEquals("queue-0", names.of("queue-0"));
  }

  @Test
  void aSeriesHasATextForEachLabel() {
    Meters.Series series = new Meters.Series(Metric.QUEUE_JOBS);
    Attributes attributes = series.of("mail", "DEAD");
    assertEquals("mail", attributes.get(Label.QUEUE.key()));
    assertEquals("DEAD", attributes.get(Label.STATE.key()));
    assertThrows(IllegalArgumentException.class, () -> series.of("mail"));
  }

  @Test
  void anInstrumentIsOfItsKind() {
    try (Telemetry telemetry = Telemetry.local();
        Meters meters = new Meters(telemetry)) {
      assertThrows(IllegalArgumentException.class, () -> meters.counter(Metric.QUEUE_LAG));
      assertThrows(IllegalArgumentException.class, () -> meters.observe(Metric.TASK_RUN, _ -> {}));
    }
  }

  @Test
  void whatIsMeasuredIsReadInTwoFormats_untilItsMetersClose() {
    try (Telemetry telemetry = Telemetry.local()) {
      try (Meters meters = new Meters(telemetry)) {
        meters.observe(Metric.WORKER_LEASES, seen -> seen.put(7));
        meters.counter(Metric.TASKS_RESCUED).add(3);
        Exposition plain = telemetry.exposition(null);
        assertTrue(plain.contentType().startsWith("text/plain"), plain.contentType());
        assertTrue(plain.text().lines().anyMatch(line -> has(line, Metric.WORKER_LEASES, "7.0")));
        assertTrue(plain.text().lines().anyMatch(line -> has(line, Metric.TASKS_RESCUED, "3.0")));
        Exposition open = telemetry.exposition("application/openmetrics-text;version=1.0.0");
        assertTrue(open.contentType().startsWith("application/openmetrics-text"));
        assertTrue(open.text().endsWith("# EOF\n"));
      }
      String after = telemetry.exposition(null).text();
      assertFalse(after.lines().anyMatch(line -> has(line, Metric.WORKER_LEASES, "7.0")), after);
    }
  }

  private static boolean has(String line, Metric metric, String value) {
    return line.startsWith(metric.prometheus()) && line.endsWith(" " + value);
  }
}
