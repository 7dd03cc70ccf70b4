package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kanal check --mixed} against {@code ./kanal up}: every promise, a few jobs of each. */
final class MixedCheckTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration CHECK = Duration.ofMinutes(4);
  private static final String KINDS =
      "plain,leased,delayed,timed,retried,failing,refused,snoozed,keyed,keyed-many,limited,rated,"
          + "paused,cancelled-waiting,cancelled-paused,cancelled-running,cancelled-anyhow,"
          + "deadline-kept,expired-paused,expired-running,expired-retrying,repeated";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldKeepEveryPromise_toJobsOfEveryKind() throws Exception {
    Program up =
        programs.kanal(
            "up",
            Map.of("KANAL_DATA", directory.resolve("data").toString(), "KANAL_HTTP_PORT", "0"),
            "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));

    Program check =
        programs.check(
            "--mixed", "--jobs", "600", "--over", "5s", "--kinds", KINDS, "--url", server.url());

    assertEquals(0, check.awaitExit(CHECK), check::printed);
    assertTrue(check.out().text().endsWith("check passed"), check::printed);
  }
}
