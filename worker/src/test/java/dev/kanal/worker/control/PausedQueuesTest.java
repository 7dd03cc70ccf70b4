package dev.kanal.worker.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PausedQueuesTest {
  private final PausedQueues paused = new PausedQueues();

  @Test
  void shouldFollowTheSettings() {
    tell("a", "{\"paused\":true,\"weight\":3}");
    assertTrue(paused.contains("a"));
    assertFalse(paused.contains("b"));

    tell("a", "{\"paused\":false}");
    assertFalse(paused.contains("a"));
  }

  @Test
  void shouldForget_whenTheQueueIsGone() {
    tell("a", "{\"paused\":true}");

    paused.told("a", null);

    assertFalse(paused.contains("a"));
  }

  @Test
  void shouldChangeNothing_whenSettingsCannotBeRead() {
    tell("a", "{\"paused\":true}");

    tell("a", "{");
    tell("b", "{");

    assertTrue(paused.contains("a"));
    assertFalse(paused.contains("b"));
  }

  @Test
  void shouldRememberNoMore_whenThereAreTooMany() {
    for (int i = 0; i <= PausedQueues.MAX; i++) {
      tell("q" + i, "{\"paused\":true}");
    }

    assertTrue(paused.contains("q" + (PausedQueues.MAX - 1)));
    assertFalse(paused.contains("q" + PausedQueues.MAX));
  }

  private void tell(String queue, String settings) {
    paused.told(queue, settings.getBytes(StandardCharsets.UTF_8));
  }
}
