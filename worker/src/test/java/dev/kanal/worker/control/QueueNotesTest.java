package dev.kanal.worker.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class QueueNotesTest {
  private final QueueNotes notes = new QueueNotes();

  @Test
  void shouldFollowTheSettings() {
    tell("a", "{\"paused\":true,\"weight\":3}");
    assertTrue(notes.isPaused("a"));
    assertFalse(notes.isPaused("b"));
    assertEquals(3, notes.weight("a"));
    assertEquals(1, notes.weight("b"));

    tell("a", "{\"paused\":false,\"weight\":3}");
    assertFalse(notes.isPaused("a"));
    assertEquals(3, notes.weight("a"));
  }

  @Test
  void shouldForget_whenTheQueueIsGone() {
    tell("a", "{\"paused\":true}");

    notes.take("a", null);

    assertFalse(notes.isPaused("a"));
  }

  @Test
  void shouldChangeNothing_whenSettingsCannotBeRead() {
    tell("a", "{\"paused\":true}");

    tell("a", "{");
    tell("b", "{");

    assertTrue(notes.isPaused("a"));
    assertFalse(notes.isPaused("b"));
  }

  @Test
  void shouldRememberNoMore_whenThereAreTooMany() {
    for (int i = 0; i <= QueueNotes.MAX; i++) {
      tell("q" + i, "{\"paused\":true}");
    }

    assertTrue(notes.isPaused("q" + (QueueNotes.MAX - 1)));
    assertFalse(notes.isPaused("q" + QueueNotes.MAX));
  }

  /** A topic may be there before any settings, and lanes are to find it. */
  @Test
  void shouldHaveQueuesLookedAt_whenOneWasMade() {
    AtomicInteger looks = new AtomicInteger();
    notes.queueMade();
    notes.onChange(looks::incrementAndGet);
    assertEquals(0, looks.get());

    notes.queueMade();
    assertEquals(1, looks.get());
    notes.queueMade();
    assertEquals(2, looks.get());
    assertFalse(notes.known());
    assertNull(notes.settings("a"));
  }

  private void tell(String queue, String settings) {
    notes.take(queue, settings.getBytes(StandardCharsets.UTF_8));
  }
}
