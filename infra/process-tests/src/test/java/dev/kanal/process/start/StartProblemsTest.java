package dev.kanal.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kanal.process.GreetHandler;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.HandlerJar;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at start is one line that says what to do, and exit status 1. */
final class StartProblemsTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(20);
  private static final Duration WITHOUT_KAFKA = Duration.ofSeconds(40);
  private static final String GIVE_UP = "--kafka.start-timeout=5s";
  private static final String NOWHERE = "127.0.0.1:1";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldNameThePort_whenItIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());

      String complaint = complaint("up", Map.of("KANAL_HTTP_PORT", port));

      assertSays(complaint, "port " + port, "KANAL_HTTP_PORT");
    }
  }

  @Test
  void shouldNameTheDataDirectory_whenAnotherUpUsesIt() throws Exception {
    programs.kanal("first", settings(Map.of()), "up").awaitErrorLine("KANAL_DATA", AT_ONCE);

    assertSays(complaint("up", Map.of()), data(), "another process", "KANAL_DATA");
  }

  @Test
  void shouldNameTheDataDirectory_whenItIsBelowAFile() throws Exception {
    Path below = Files.createFile(directory.resolve("file")).resolve("data");

    String complaint = complaint("up", Map.of("KANAL_DATA", below.toString()));

    assertSays(complaint, below.toString(), "KANAL_DATA");
  }

  @Test
  void shouldNameTheDataDirectory_whenItIsAFile() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    String complaint = complaint("up", Map.of("KANAL_DATA", file.toString()));

    assertSays(complaint, file.toString(), "it is a file", "KANAL_DATA");
  }

  @Test
  void shouldNameTheDataDirectory_whenItCannotBeMade() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "needs a directory that takes no files");

    assertSays(complaint("up", Map.of("KANAL_DATA", "/proc/x")), "/proc/x", "KANAL_DATA");
  }

  @Test
  void shouldSuggestASetting_whenOneIsUnknown() throws Exception {
    assertSays(
        complaint("up", Map.of("KANAL_HTTP_PROT", "1")),
        "KANAL_HTTP_PROT",
        "did you mean http.port?");
  }

  @Test
  void shouldNameTheBounds_whenAValueIsOutside() throws Exception {
    assertSays(complaint("up", Map.of(), "--http.port=99999"), "http.port", "0 to 65535", "99999");
  }

  @Test
  void shouldAskForConsent_whenItWouldServeOthers() throws Exception {
    assertSays(
        complaint("up", Map.of("KANAL_HTTP_HOST", "0.0.0.0")), "http.host", "0.0.0.0", "auth=off");
  }

  @Test
  void shouldNameTheHost_whenItIsUnknown() throws Exception {
    assertSays(
        complaint("up", Map.of("KANAL_HTTP_HOST", "no-such-host.invalid")), "KANAL_HTTP_HOST");
  }

  @Test
  void shouldNameTheJar_whenItIsNone() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("handlers"));
    Files.writeString(folder.resolve("torn.jar"), "no jar");

    assertSays(
        complaint("up", Map.of("KANAL_WORKER_HANDLERS", folder.toString())),
        "torn.jar",
        "cannot read it",
        "worker.handlers");
  }

  @Test
  void shouldNameBothJars_whenTheyClaimOneType() throws Exception {
    Path folder = HandlerJar.folder(directory, GreetHandler.class);
    Files.copy(folder.resolve("handler.jar"), folder.resolve("copy.jar"));

    assertSays(
        complaint("up", Map.of("KANAL_WORKER_HANDLERS", folder.toString())),
        "greet",
        "handler.jar",
        "copy.jar");
  }

  @Test
  void shouldNameTheCommands_whenItDoesNotKnowOne() throws Exception {
    assertSays(complaint("down", Map.of()), "down", "up, scheduler, worker");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scheduler", "worker"})
  void shouldAskForKafka_whenNoneIsNamed(String command) throws Exception {
    assertSays(complaint(command, Map.of()), "KANAL_KAFKA_BOOTSTRAP");
  }

  @Test
  void shouldNameKafka_whenItsNameIsUnknown() throws Exception {
    String kafka = "no-such-host.invalid:9092";

    assertSays(
        complaint("scheduler", Map.of("KANAL_KAFKA_BOOTSTRAP", kafka), GIVE_UP),
        kafka,
        "KANAL_KAFKA_BOOTSTRAP");
  }

  @Test
  void shouldNameKafka_whenNobodyAnswersThere() throws Exception {
    List<Program> waiting = new ArrayList<>();
    for (String command : List.of("up", "scheduler", "worker")) {
      Map<String, String> settings =
          Map.of("KANAL_KAFKA_BOOTSTRAP", NOWHERE, "KANAL_DATA", data() + "-" + command);
      waiting.add(programs.kanal(command, settings(settings), command, GIVE_UP));
    }

    for (Program program : waiting) {
      assertSays(complaintOf(program, WITHOUT_KAFKA), NOWHERE, "KANAL_KAFKA_BOOTSTRAP");
    }
  }

  private String complaint(String command, Map<String, String> settings, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    Program program = programs.kanal(command, settings(settings), all.toArray(String[]::new));
    return complaintOf(program, AT_ONCE);
  }

  private static String complaintOf(Program program, Duration atMost) throws InterruptedException {
    assertEquals(1, program.awaitExit(atMost), program::printed);
    assertFalse(Console.hasStackTrace(program), program::printed);
    assertEquals("", program.out().text());
    List<String> complaints = Console.complaints(program);
    assertEquals(1, complaints.size(), program::printed);
    return complaints.getFirst();
  }

  private static void assertSays(String complaint, String... parts) {
    for (String part : parts) {
      assertTrue(complaint.contains(part), () -> "Expected '" + part + "' in: " + complaint);
    }
  }

  private Map<String, String> settings(Map<String, String> some) {
    Map<String, String> all = new HashMap<>();
    all.put("KANAL_DATA", data());
    all.put("KANAL_HTTP_PORT", "0");
    all.putAll(some);
    return all;
  }

  private String data() {
    return directory.resolve("data").toString();
  }
}
