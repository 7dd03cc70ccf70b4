package dev.kanal.process.kit;

import dev.kanal.check.CheckApplication;
import dev.kanal.standalone.KanalApplication;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that a test started: ended after it, and their output logged if it failed.
 * Registered in an instance field of the test class.
 */
public final class Programs implements AfterEachCallback {
  private static final Logger log = LoggerFactory.getLogger(Programs.class);

  /** As the launcher starts it, but with little memory and a compiler that soon has enough. */
  private static final List<String> JVM =
      List.of(
          "-Xmx384m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private final List<Program> started = new ArrayList<>();
  private final List<Path> argumentFiles = new ArrayList<>();

  /** {@code ./kanal up|scheduler|worker}. */
  public Program kanal(String name, Map<String, String> settings, String... arguments)
      throws IOException {
    String classPath = classPathWithout(CheckApplication.class);
    return start(name, KanalApplication.class.getName(), classPath, settings, arguments);
  }

  /**
   * The same of another release.
   *
   * @param target where its {@code infra/standalone} was built: its jar, and others in {@code lib}
   */
  public Program kanalOf(
      Path target, String name, Map<String, String> settings, String... arguments)
      throws IOException {
    String classPath =
        target.resolve("*") + File.pathSeparator + target.resolve("lib").resolve("*");
    return start(name, KanalApplication.class.getName(), classPath, settings, arguments);
  }

  /** {@code ./kanal check}. */
  public Program check(String... arguments) throws IOException {
    String classPath = classPathWithout(KanalApplication.class);
    return start("check", CheckApplication.class.getName(), classPath, Map.of(), arguments);
  }

  /** A program of a user with a worker in it, and with nothing that takes its log. */
  public Program embedding(Class<?> main, String... arguments) throws IOException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("logback-"))
            .collect(Collectors.joining(File.pathSeparator));
    return start(main.getSimpleName(), main.getName(), classPath, Map.of(), arguments);
  }

  /**
   * A program of others.
   *
   * @param jars a folder with its class path
   */
  public Program java(String name, Path jars, String main, String... arguments) throws IOException {
    return start(name, main, jars.resolve("*").toString(), Map.of(), arguments);
  }

  /** A line as a user types it. */
  public Program shell(String line) throws IOException {
    return shell(line, Map.of());
  }

  /** A line as a user types it, with more in its environment. */
  public Program shell(String line, Map<String, String> environment) throws IOException {
    return add(Program.start("sh", List.of("sh", "-c", line), environment));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
    for (Program program : started) {
      program.discard();
    }
    if (context.getExecutionException().isPresent()) {
      started.forEach(
          program -> log.error("{} failed\n{}", context.getDisplayName(), program.printed()));
    }
    started.clear();
    for (Path file : argumentFiles) {
      Files.deleteIfExists(file);
    }
    argumentFiles.clear();
  }

  /** By an argument file: the class path is long, and process lists are easier to read. */
  private Program start(
      String name, String main, String classPath, Map<String, String> settings, String... arguments)
      throws IOException {
    Path file = Files.createTempFile("kanal-java-", ".args");
    argumentFiles.add(file);
    Files.write(
        file, Stream.concat(JVM.stream(), Stream.of("-cp", quoted(classPath), main)).toList());
    String java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "@" + file));
    command.addAll(Arrays.asList(arguments));
    return add(Program.start(name, command, settings));
  }

  private Program add(Program program) {
    // For when these tests are stopped themselves.
    Runtime.getRuntime().addShutdownHook(new Thread(program::kill));
    started.add(program);
    return program;
  }

  /** The tests' own class path without these tests, and without the other program. */
  private static String classPathWithout(Class<?> other) {
    List<Path> unwanted = List.of(home(other), home(Programs.class));
    return Arrays.stream(System.getProperty("java.class.path", "").split(File.pathSeparator))
        .filter(entry -> !unwanted.contains(Path.of(entry).toAbsolutePath().normalize()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toAbsolutePath()
          .normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Expected classes of " + type + " in a file", e);
    }
  }

  private static String quoted(String argument) {
    return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
