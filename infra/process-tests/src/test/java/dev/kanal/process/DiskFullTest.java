package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Await;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Disk;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kanal up} on a disk without room, from the start or from then on. */
final class DiskFullTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(60);
  private static final String LARGE_JOB =
      "{\"type\":\"echo\",\"payload\":\"" + "x".repeat(100_000) + "\"}";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldSayHowMuchRoomIsNeeded_whenThereIsTooLittle() throws Exception {
    try (Disk disk = Disk.mount(directory.resolve("disk"), 8)) {
      Program up = up(disk);

      assertEquals(1, up.awaitExit(START), up::printed);
      List<String> complaints = Console.complaints(up);
      assertEquals(1, complaints.size(), up::printed);
      for (String part : List.of(disk.root().toString(), "64 MiB", "make room", "KANAL_DATA")) {
        assertTrue(complaints.getFirst().contains(part), up::printed);
      }
    }
  }

  @Test
  void shouldEndWithOneLine_whenTheDiskRunsFull() throws Exception {
    try (Disk disk = Disk.mount(directory.resolve("disk"), 160)) {
      Program up = up(disk);
      Server server = Server.in(up.awaitLine("Kanal is ready: ", START));
      disk.fill();

      submitUntilItEnds(server, up);

      assertEquals(1, up.awaitExit(END), up::printed);
      assertEquals(1, Console.complaints(up).size(), up::printed);
      String full = "only 0 MiB are free at " + disk.root();
      assertTrue(Console.complaints(up).getFirst().contains(full), up::printed);
      assertFalse(Console.hasStackTrace(up), up::printed);
    }
  }

  private static void submitUntilItEnds(Server server, Program up) throws InterruptedException {
    Await await = new Await(END);
    try {
      while (up.isAlive() && await.again()) {
        Server.Answer _ = server.submit(LARGE_JOB);
      }
    } catch (IOException _) {
      // It has gone.
    }
  }

  private Program up(Disk disk) throws IOException {
    return programs.kanal(
        "up",
        Map.of("KANAL_DATA", disk.root().resolve("data").toString(), "KANAL_HTTP_PORT", "0"),
        "up");
  }
}
