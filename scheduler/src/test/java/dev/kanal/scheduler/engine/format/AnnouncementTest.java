package dev.kanal.scheduler.engine.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.log.LogFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnnouncementTest {
  private static final String NODE = "4b9a1b61-6a04-4b35-8a0d-0f4ad8c2a3c1";

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void shouldBeReadAsItWasMade_byEachThread(LogFormat reads) {
    String instance = Announcement.instance(NODE, reads);
    assertEquals(reads.number(), read(instance + "-1"));
    assertEquals(reads.number(), read(instance + "-16"));
  }

  /** As those of the first releases do. */
  @Test
  void shouldAnnounceNothing_whenNoMoreThanTheFirstFormatIsRead() {
    assertEquals(NODE, Announcement.instance(NODE, LogFormat.JOBS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", NODE + "-1", "reads-7-1", NODE + ".reads-7", NODE + ".reads-x-1", ".reads--1"})
  void shouldTakeWhoAnnouncesNothingForAnOldOne(String instance) {
    assertEquals(LogFormat.JOBS.number(), read(instance));
  }

  @Test
  void shouldReadFormatsThatAreNotKnownHere() {
    assertEquals(1_234, read(NODE + ".reads-1234-3"));
    assertEquals(LogFormat.JOBS.number(), Announcement.of(Optional.empty()));
  }

  private static int read(String instance) {
    return Announcement.of(Optional.of(instance));
  }
}
