package dev.kanal.process.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The project of docs/WORKER.md, by that page alone: its files, its lines. */
final class WorkerPageTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home", ""));

  /** The Maven that runs this test; empty if none does, and then the one on the path is used. */
  private static final String MAVEN_HOME = System.getProperty("maven.home", "");

  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration BUILD = Duration.ofMinutes(10);

  /** A path, and in a block what the file holds. */
  private static final Pattern FILE =
      Pattern.compile("^`([\\w./]+)`\n\n```\\w+\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  /** By hand, since JUnit warns of each link that leads out of its directory. */
  @AfterEach
  void unlink() throws IOException {
    Path repository = directory.resolve("repository");
    if (!Files.isDirectory(repository)) {
      return;
    }
    try (Stream<Path> files = Files.walk(repository, 2)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @Test
  void shouldBuildAndServe_fromWhatIsInstalledWhileUpRuns() throws Exception {
    String page = Files.readString(ROOT.resolve("docs").resolve("WORKER.md"));
    Path project = project(page);
    Path repository = repository();
    String local = " -B -ntp -Dmaven.repo.local=" + repository;
    Program up = up();
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));
    String kafka =
        up.awaitLine("Kafka is at ", ANSWER).replaceAll(".*Kafka is at (\\S+)\\. .*", "$1");

    assertTrue(server.submitSumAndWait().isSumOfThree());
    Path removed = leftClass();
    run(ROOT, "./kanal install" + local);
    assertTrue(Files.notExists(removed), removed::toString);
    assertTrue(server.submitSumAndWait().isSumOfThree());
    assertHasSources(repository);

    String built = run(project, line(page, "mvn package ") + local);
    assertTrue(built.contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0"), built);
    Program greets =
        programs.shell(
            "cd %s && exec %s"
                .formatted(project, line(page, "java -cp ").replace("localhost:9092", kafka)),
            environment());
    greets.awaitLine("greet", START);
    String address = server.url().substring("http://".length());
    JsonNode submitted =
        Server.json(run(project, line(page, "curl ").replace("localhost:8080", address)));
    String id = submitted.path("id").asText();
    assertEquals("SUCCEEDED", server.awaitState(id, "SUCCEEDED", START), submitted::toString);
    JsonNode job = server.get("/v1/jobs/" + id).json();

    assertEquals("Hello Ada", job.at("/result/text").asText(), job::toString);
  }

  /** As if its source had been removed since an earlier installation. */
  private static Path leftClass() throws IOException {
    Path classes = ROOT.resolve(Path.of("worker", "target", "install", "classes"));
    return Files.writeString(Files.createDirectories(classes).resolve("Removed.class"), "");
  }

  private Program up() throws IOException {
    String data = directory.resolve("data").toString();
    return programs.kanal("up", Map.of("KANAL_DATA", data, "KANAL_HTTP_PORT", "0"), "up");
  }

  private Path project(String page) throws IOException {
    Path project = Files.createDirectories(directory.resolve("project"));
    List<String> files = new ArrayList<>();
    Matcher matcher = FILE.matcher(page);
    while (matcher.find()) {
      Path file = project.resolve(matcher.group(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, matcher.group(2));
      files.add(matcher.group(1));
    }
    assertEquals(4, files.size(), files::toString);
    return project;
  }

  /** What is in the repository that this build uses, except Kanal itself. */
  private Path repository() throws IOException {
    Path used =
        Path.of(
            System.getProperty(
                "localRepository", System.getProperty("user.home", "") + "/.m2/repository"));
    Path own = directory.resolve("repository");
    link(used, own, "dev");
    link(used.resolve("dev"), own.resolve("dev"), "kanal");
    return own;
  }

  private static void link(Path from, Path to, String except) throws IOException {
    Files.createDirectories(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.endsWith(except)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
      }
    }
  }

  private static void assertHasSources(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository.resolve("dev/kanal"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      for (String library : List.of("common", "worker", "junit", "scheduler", "embedded-kafka")) {
        assertTrue(
            names.stream().anyMatch(name -> name.matches("kanal-" + library + "-.*-sources.jar")),
            () -> "Expected sources of " + library + " among " + names);
      }
    }
  }

  private static String line(String page, String beginning) {
    return page.lines().filter(each -> each.startsWith(beginning)).findFirst().orElseThrow();
  }

  private static Map<String, String> environment() {
    String java = JAVA_HOME.resolve("bin") + ":";
    String maven = MAVEN_HOME.isEmpty() ? "" : Path.of(MAVEN_HOME).resolve("bin") + ":";
    return Map.of(
        "JAVA_HOME",
        JAVA_HOME.toString(),
        "MAVEN_HOME",
        MAVEN_HOME,
        "PATH",
        java + maven + System.getenv("PATH"));
  }

  private String run(Path where, String line) throws IOException, InterruptedException {
    Program shell = programs.shell("cd " + where + " && " + line, environment());
    assertEquals(0, shell.awaitExit(BUILD), () -> line + "\n" + shell.printed());
    return shell.out().text();
  }
}
