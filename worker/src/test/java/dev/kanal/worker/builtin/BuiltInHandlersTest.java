package dev.kanal.worker.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.JobFailed;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BuiltInHandlersTest {
  private final FixedContext context = FixedContext.of(Duration.ofMinutes(1));

  @Test
  void shouldReturnPayload_byteForByte() {
    JsonBytes payload = JsonBytes.of(" { \"a\" : 1.0 } ");

    assertEquals(payload, new EchoHandler().handle(context, payload));
  }

  @ParameterizedTest
  @CsvSource({
    "'',0,0",
    "1;2;3,6,3",
    "9223372036854775807;1,9223372036854775808,2",
    "0.1;0.2,0.3,2",
    "1e3;0.5,1000.5,2",
    "-1;1,0,2"
  })
  void shouldAddExactly(String numbers, BigDecimal sum, int count) throws Exception {
    List<BigDecimal> data =
        numbers.isEmpty()
            ? List.of()
            : Arrays.stream(numbers.split(";")).map(BigDecimal::new).toList();

    var answer = new SumHandler().handle(context, new SumHandler.Payload(List.copyOf(data)));

    assertEquals(0, sum.compareTo(answer.sum()));
    assertEquals(count, answer.count());
  }

  @Test
  void shouldRefuseToAdd_whenNumbersAreMissingOrHuge() {
    var handler = new SumHandler();
    var huge = new SumHandler.Payload(List.of(new BigDecimal("1e100000")));

    assertThrows(JobFailed.class, () -> handler.handle(context, new SumHandler.Payload(null)));
    assertThrows(JobFailed.class, () -> handler.handle(context, huge));
    var withNull = new SumHandler.Payload(Arrays.asList(BigDecimal.ONE, null));
    assertThrows(JobFailed.class, () -> handler.handle(context, withNull));
  }

  @ParameterizedTest
  @CsvSource({"PT0.01S,PT0.01S", "5ms,PT0.005S", "0s,PT0S"})
  void shouldSleep(String duration, Duration expected) throws Exception {
    var slept = new SleepHandler().handle(context, new SleepHandler.Payload(duration, 0));

    assertEquals(expected, slept.slept());
  }

  @Test
  void shouldTellEachStep_whenItSleepsInSteps() throws Exception {
    var slept = new SleepHandler().handle(context, new SleepHandler.Payload("5ms", 4));

    assertEquals(Duration.ofMillis(5), slept.slept());
    assertEquals(List.of(0.25, 0.5, 0.75), context.fractions());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 101})
  void shouldRefuseToSleep_whenStepsAreOutOfRange(int steps) {
    var payload = new SleepHandler.Payload("0s", steps);

    var refused = assertThrows(JobFailed.class, () -> new SleepHandler().handle(context, payload));

    assertEquals(
        "Expected steps of 0 to 100 in the payload, but got " + steps, refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-PT1S", "5 parsecs", "PT99999999999999999999S"})
  void shouldRefuseToSleep_whenDurationIsBad(String duration) {
    var payload = new SleepHandler.Payload(duration, 0);

    assertThrows(JobFailed.class, () -> new SleepHandler().handle(context, payload));
  }
}
