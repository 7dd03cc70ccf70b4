package dev.kanal.worker.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.worker.pool.PoolRule.Bounds;
import dev.kanal.worker.pool.PoolRule.View;
import dev.kanal.worker.pool.PoolRule.Wish;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bounds are 4 and 200 slots. */
final class PoolRuleTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          # what happens                     size peak heldMs lag ageMs   delayMs heap   slots  why
          nothing at all,                   4 0 20 0 0,                0 0.1,    4,    STEADY
          busy as it is,                    50 50 20 60 3,             0 0.1,    50,   STEADY
          a backlog of 1000 s of work,      4 4 20 50000 0,            0 0.1,    200,  LAG
          a backlog of 250 s of work,       4 4 50 5000 0,             0 0.1,    50,   LAG
          a backlog of 5 s of work,         4 4 1 5000 0,              0 0.1,    4,    STEADY
          a backlog of one more,            4 4 1 20001 0,             0 0.1,    5,    LAG
          old tasks,                        10 10 1 0 1500,            0 0.1,    15,   AGE
          as old as may be,                 10 10 1 0 1000,            0 0.1,    10,   STEADY
          very old tasks,                   10 10 1 0 60000,           0 0.1,    40,   AGE
          old tasks and a longer backlog,   10 10 50 5000 1500,        0 0.1,    50,   LAG
          at its most,                      200 200 20 90000 9000,     0 0.1,    200,  MAX
          unused for long,                  200 0 20 0 0,              0 0.1,    4,    IDLE
          half used,                        200 90 20 0 0,             0 0.1,    90,   IDLE
          nearly all used,                  200 151 20 0 0,            0 0.1,    200,  STEADY
          a quarter unused,                 200 150 20 0 0,            0 0.1,    150,  IDLE
          unused but a backlog,             200 0 20 50001 0,          0 0.1,    200,  MAX
          no processor,                     10 10 50 5000 0,           101 0.1,  10,   CPU
          a processor just so,              10 10 50 5000 0,           100 0.1,  50,   LAG
          no heap,                          10 10 50 5000 0,           0 0.86,   10,   MEMORY
          neither and unused,               200 0 50 0 0,              500 0.99, 4,    IDLE
          less than the least,              1 1 50 0 0,                500 0.99, 4,    MIN
          more than the most,               900 900 50 90000 0,        0 0.1,    200,  IDLE
          """)
  void shouldWish(String what, String seen, String state, int slots, PoolReason why) {
    String[] numbers = seen.split(" ", -1);
    View view =
        new View(
            Integer.parseInt(numbers[0]),
            Integer.parseInt(numbers[1]),
            millis(numbers[2]),
            Long.parseLong(numbers[3]),
            millis(numbers[4]));
    String[] states = state.split(" ", -1);
    Machine machine = new Machine(millis(states[0]), Double.parseDouble(states[1]));
    assertEquals(new Wish(slots, why), PoolRule.wish(view, machine, new Bounds(4, 200)), what);
  }

  private static Duration millis(String number) {
    return Duration.ofMillis(Long.parseLong(number));
  }
}
