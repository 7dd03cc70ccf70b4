package dev.kanal.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kanal} and the image's {@code start}, with a program that ends at once. */
final class LauncherTest {
  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of("..", "..");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home", ""));
  private static final String MAIN = "dev.kanal.standalone.KanalApplication";
  private static final String PROGRAM =
      "package dev.kanal.standalone; public class KanalApplication {"
          + " public static void main(String[] a) { System.out.println(\"runs \" + a[0]); } }";
  private static final String OTHER_HEAP = "-XX:+UseZGC";

  /** An agent with which the JVM takes a cache from a training without it. */
  private static final String DEBUGGED =
      "-Xrunjdwp:transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0";

  private static final String SHARED = " source: shared objects file";

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldOfferTheTraining_whereItFits_andSayWhereNot() throws Exception {
    Path kanal = Files.copy(ROOT.resolve("kanal"), directory.resolve("kanal"));
    Path cache = Files.createDirectories(directory.resolve("target")).resolve("kanal.aot");
    for (String module : List.of("standalone", "system-tests")) {
      Path home = directory.resolve("infra").resolve(module);
      Files.createDirectories(home.resolve("src"));
      Files.createDirectories(home.resolve("target").resolve("lib"));
      jar(home.resolve("target").resolve("kanal-" + module + "-0.jar"));
    }
    Files.createFile(directory.resolve("target").resolve("kanal-standalone-system-tests.stamp"));
    String line = "sh " + kanal + " up";
    String options = "KANAL_JAVA_OPTS";
    runs(line, options, "-XX:AOTCacheOutput=" + cache);

    shouldUseWhatFits(line, options, "target/kanal.aot");
    shouldNotTryWithAgents(line, options, "target/kanal.aot");
  }

  @Test
  void shouldOfferTheImagesCache_whereItFits_andSayWhereNot() throws Exception {
    Path start = Files.copy(ROOT.resolve("infra/docker/start.sh"), directory.resolve("start"));
    Path jar = jar(directory.resolve("kanal.jar"));
    Path run = directory.resolve("run");
    Files.write(run, List.of("-XX:+UseCompactObjectHeaders", "-cp", jar.toString(), MAIN));
    Path trained = Files.createDirectories(directory.resolve("trained"));
    String line = "sh " + start + " up";
    String options = "JDK_JAVA_OPTIONS";
    assertEquals(List.of(), runs(line, options, "-Xshare:auto"), "an image without a cache");
    runs("java @" + run + " up", options, "-XX:AOTCacheOutput=" + trained.resolve("kanal.aot"));

    shouldUseWhatFits(line, options, "the image's cache");
    shouldNotTryWithAgents(line, options, "the image's cache");
  }

  private void shouldUseWhatFits(String line, String options, String named) throws Exception {
    Path log = directory.resolve("classes");
    String telling = "-Xlog:class+load:file=" + log;

    assertEquals(List.of(), runs(line, options, telling));
    assertTrue(Files.readString(log).contains(MAIN + SHARED), "expected the cache in use");

    List<String> lines = runs(line, options, telling + " " + OTHER_HEAP);
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().startsWith("kanal: "), lines::toString);
    assertTrue(lines.getFirst().contains(named), lines::toString);
    assertFalse(Files.readString(log).contains(MAIN + SHARED), "expected no cache of ours");
    assertTrue(Files.readString(log).contains("java.lang.Object" + SHARED), "and the JVM's own");
  }

  /** It would wait for a debugger before it prints anything. */
  private void shouldNotTryWithAgents(String line, String options, String named) throws Exception {
    List<String> lines = runs(line, options, DEBUGGED);
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().startsWith("kanal: " + named), lines::toString);
    assertTrue(lines.getFirst().contains("agent"), lines::toString);
  }

  /** What it prints on standard error, other than the JVM's own lines about its environment. */
  private List<String> runs(String line, String variable, String value) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", JAVA_HOME.toString());
    environment.put("PATH", JAVA_HOME.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put(variable, value);
    Program program = programs.shell(line, environment);
    assertEquals(0, program.awaitExit(SHORT), program::printed);
    assertTrue(program.out().lines().contains("runs up"), program::printed);
    return program.err().lines().stream()
        .filter(each -> !each.isEmpty() && !each.startsWith("NOTE: Picked up"))
        .toList();
  }

  private Path jar(Path file) throws IOException {
    Path source = Files.writeString(directory.resolve("KanalApplication.java"), PROGRAM);
    String classes = Files.createDirectories(directory.resolve("compiled")).toString();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes, source.toString());
    assertEquals(0, status);
    String entry = MAIN.replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry(entry));
      Files.copy(Path.of(classes, entry), jar);
      jar.closeEntry();
    }
    return file;
  }
}
