package dev.kanal.check.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PatienceTest {
  private static final Answer.Away REFUSED = new Answer.Away("connection refused", false, null);

  private final StringWriter said = new StringWriter();
  private final List<Duration> pauses = new ArrayList<>();
  private long now;
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(60), () -> now);
  private final Patience patience =
      new Patience(deadline, new Console(new PrintWriter(said)), this::pause, () -> now);

  private void pause(Duration time) {
    pauses.add(time);
    now += time.toNanos();
  }

  @Test
  void shouldSayOneLineForEachAbsence() throws InterruptedException {
    assertTrue(patience.pause(REFUSED, 1));
    assertTrue(patience.pause(REFUSED, 2));
    patience.answered();
    patience.answered();

    List<String> lines = said.toString().lines().toList();
    assertEquals(2, lines.size(), said.toString());
    assertEquals("server away (connection refused); trying again for at most 1m 0s", lines.get(0));
    assertTrue(lines.get(1).startsWith("server back after 0."), lines.get(1));
  }

  @Test
  void shouldWaitLongerFromTryToTry_whenTheServerStaysAway() throws InterruptedException {
    for (int tries = 1; tries <= 10; tries++) {
      assertTrue(patience.pause(REFUSED, tries));
    }

    assertTrue(pauses.getFirst().toMillis() < 100, pauses.toString());
    assertTrue(pauses.getLast().toMillis() >= 1_000, pauses.toString());
    assertTrue(pauses.getLast().toMillis() < 2_000, pauses.toString());
  }

  @Test
  void shouldWaitAsLongAsTheServerAsks() throws InterruptedException {
    patience.pause(new Answer.Away("busy", true, Duration.ofSeconds(7)), 1);

    assertEquals(List.of(Duration.ofSeconds(7)), pauses);
  }

  @Test
  void shouldGiveUpAtTheDeadline() throws InterruptedException {
    Answer.Away tooLong = new Answer.Away("busy", true, Duration.ofSeconds(90));

    assertFalse(patience.pause(tooLong, 1));
    assertFalse(patience.pause(tooLong, 2));

    assertEquals(List.of(Duration.ofSeconds(60)), pauses);
  }
}
