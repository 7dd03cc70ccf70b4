package dev.kanal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class CommandLineTest {
  @Test
  void shouldSayWhatToDoInOneLine_whenNobodyListens() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    CheckRun run = CheckRun.of("--url", "http://127.0.0.1:" + free, "--jobs", "1");

    assertEquals(1, run.status());
    assertEquals(
        "Expected a Kanal server at http://127.0.0.1:%d, but: connection refused. Start one with ./kanal up, or name another with --url.\n"
            .formatted(free),
        run.err());
  }

  @Test
  void shouldSayThatThereIsNoSuchHost_whenTheNameIsUnknown() {
    CheckRun run = CheckRun.of("reads", "--url", "http://nobody.invalid:8080");

    assertEquals(1, run.status());
    assertTrue(run.err().contains("nobody.invalid:8080, but: no such host."), run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--jobs 0",
        "--jobs 5000001",
        "--jobs many",
        "--submitters 65",
        "--chunk 0",
        "--timeout soon",
        "--timeout 0s",
        "--url ftp://127.0.0.1",
        "--no-such-option",
        "reads --jobs 0",
        "waiting --jobs 0",
        "lateness --p99 never",
        "cron --seconds 0",
        "alerts --faster 0",
        "alerts --faster 21",
        "idempotency --calls 10001",
        "listing --calls 0",
        "--mixed --kinds nonsense",
        "--mixed --kill-worker 3",
        "--mixed --cluster --kill-scheduler 101",
        "files --jobs -1"
      })
  void shouldEndWithStatus2AndOneLine_whenTheCommandLineIsWrong(String line) {
    CheckRun run = CheckRun.of(line.split(" "));

    assertEquals(2, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("--help"), run.err());
  }

  @Test
  void shouldListTheChecks_whenAskedForHelp() {
    CheckRun run = CheckRun.of("--help");

    assertEquals(0, run.status());
    assertTrue(run.out().contains("reads"), run.out());
    assertTrue(run.out().contains("files"), run.out());
  }
}
