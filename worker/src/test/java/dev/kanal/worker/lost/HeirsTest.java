package dev.kanal.worker.lost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeirsTest {
  private final Silences silences = new Silences("m#1", new ManualClocks().clocks().ticker());

  /**
   * Others are {@code NAME=QUEUES}; all queues if there are none; in capitals: a worker that is not
   * heard.
   */
  @ParameterizedTest
  @CsvSource({
    "alone, '', p q",
    "after another, a=, p q",
    "after two others, a= b=, ''",
    "before others, x= y= z=, p q",
    "after two that serve one queue, a=p b=p, q",
    "after one for each queue, a=p b=q, p q",
    "after two that are silent, A= B=, p q",
    "after one that is silent, A= b=, p q",
  })
  void shouldBeOneOfTheFirstTwoOfAQueue(String story, String others, String expected) {
    List<WorkerReport> reports =
        Stream.of(others.split(" ")).filter(each -> !each.isEmpty()).map(this::report).toList();
    Heirs heirs = new Heirs("m#1", silences, () -> reports, () -> Set.of("p", "q"));

    Set<String> wanted = expected.isEmpty() ? Set.of() : Set.of(expected.split(" "));
    assertEquals(wanted, heirs.queues(), story);
  }

  private WorkerReport report(String text) {
    String name = text.substring(0, 1).toLowerCase(Locale.ROOT);
    WorkerRef worker = new WorkerRef(name, 1);
    if (Character.isLowerCase(text.charAt(0))) {
      silences.heard(worker.toString());
    }
    List<String> queues = text.length() == 2 ? List.of() : List.of(text.substring(2));
    return new WorkerReport(
        worker,
        "h",
        "v",
        Instant.EPOCH,
        Instant.EPOCH,
        queues,
        List.of(),
        new WorkerReport.Slots(1, 1, 0, Map.of()),
        new WorkerReport.Running(0, List.of()),
        new WorkerReport.Rates(0, 0),
        false,
        false);
  }
}
