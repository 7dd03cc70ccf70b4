package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.HandlersException;
import dev.kanal.worker.Worker;
import dev.kanal.worker.testing.HandlerTester;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real jars, compiled here. */
final class HandlerJarsTest {
  private static final String SERVICE = "META-INF/services/dev.kanal.worker.JobHandler";
  @TempDir private Path directory;

  @Test
  void shouldGiveEachJarItsOwnClasses_whenBothBringTheSameLibrary() throws Exception {
    jar("one.jar", "first", "1", "");
    jar("two.jar", "second", "2", "");

    List<Registration<?>> found = HandlerJars.load(folder());

    assertEquals(List.of("first", "second"), found.stream().map(Registration::type).toList());
    assertEquals("1 true", ran(found.get(0)));
    assertEquals("2 true", ran(found.get(1)));
  }

  @Test
  void shouldNameBothJars_whenTheyClaimOneType() throws Exception {
    jar("one.jar", "same", "1", "");
    jar("two.jar", "same", "2", "");
    assertSays(refusal(), "same", "one.jar", "two.jar");
  }

  @Test
  void shouldNameTheJar_whenAConstructorThrows() throws Exception {
    jar("bad.jar", "bad", "1", "if (true) throw new IllegalStateException(\"no licence\");");
    assertSays(refusal(), "bad.jar", "no licence");
  }

  @Test
  void shouldNameTheJar_whenItHasNoHandlers() throws Exception {
    try (var jar = new JarOutputStream(Files.newOutputStream(folder().resolve("empty.jar")))) {
      put(jar, "readme.txt", "nothing".getBytes(StandardCharsets.UTF_8));
    }
    assertSays(refusal(), "empty.jar", "names none");
  }

  @Test
  void shouldNameTheJar_whenItCannotBeRead() throws Exception {
    Files.writeString(folder().resolve("torn.jar"), "no jar");
    assertSays(refusal(), "torn.jar", "cannot read");
  }

  @Test
  void shouldNameTheFolder_whenThereIsNone() {
    Path missing = directory.resolve("missing");
    String said =
        String.valueOf(
            assertThrows(HandlersException.class, () -> HandlerJars.load(missing)).getMessage());
    assertSays(said, missing.toString());
  }

  @Test
  void shouldRefuse_whenThereAreTooManyJars() throws Exception {
    for (int i = 0; i <= HandlerJars.JARS_MAX; i++) {
      Files.createFile(folder().resolve(i + ".jar"));
    }
    assertSays(refusal(), "at most " + HandlerJars.JARS_MAX);
  }

  /** The library's number, and whether the jar's loader is in scope. */
  private static Object ran(Registration<?> found) throws Exception {
    CompletableFuture<Object> result = new CompletableFuture<>();
    var context = new AtomicReference<Context>();
    HandlerTester.of("x", JsonBytes.class, (given, _) -> noted(context, given)).run();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                Context given = Objects.requireNonNull(context.get());
                result.complete(found.run(given, JsonBytes.NULL, RunnerSettings.DEFAULT));
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result.get(10, TimeUnit.SECONDS);
  }

  private static String noted(AtomicReference<Context> context, Context given) {
    context.set(given);
    return "noted";
  }

  private String refusal() {
    var builder = Worker.builder().discover(false).handlers(directory.resolve("jars"));
    return String.valueOf(assertThrows(HandlersException.class, builder::build).getMessage());
  }

  private static void assertSays(String said, String... parts) {
    for (String part : parts) {
      assertTrue(said.contains(part), said);
    }
  }

  private Path folder() throws IOException {
    return Files.createDirectories(directory.resolve("jars"));
  }

  private void jar(String name, String type, String number, String constructor) throws IOException {
    Path sources = Files.createDirectories(directory.resolve(name + "-src"));
    Path classes = Files.createDirectories(directory.resolve(name + "-classes"));
    Path library = sources.resolve("Library.java");
    Files.writeString(
        library,
        "package lib; public class Library { public static String n() { return \"%s\"; } }"
            .formatted(number));
    Path handler = sources.resolve("MyHandler.java");
    Files.writeString(handler, source(type, constructor));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path", ""),
                "-d",
                classes.toString(),
                library.toString(),
                handler.toString());
    assertEquals(0, status);
    try (var jar = new JarOutputStream(Files.newOutputStream(folder().resolve(name)));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(jar, classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
      put(jar, SERVICE, "mine.MyHandler".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String source(String type, String constructor) {
    return """
    package mine;
    public class MyHandler
        implements dev.kanal.worker.JobHandler<dev.kanal.common.job.JsonBytes, String> {
      public MyHandler() { %s }
      public String type() { return "%s"; }
      public Class<dev.kanal.common.job.JsonBytes> payloadType() {
        return dev.kanal.common.job.JsonBytes.class;
      }
      public String handle(
          dev.kanal.worker.Context context, dev.kanal.common.job.JsonBytes payload) {
        ClassLoader scope = Thread.currentThread().getContextClassLoader();
        return lib.Library.n() + " " + (scope == getClass().getClassLoader());
      }
    }
    """
        .formatted(constructor, type);
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }
}
