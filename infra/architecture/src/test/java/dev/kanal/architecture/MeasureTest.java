package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measuring code sees planted violations. */
final class MeasureTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void shouldCountLines_whenMethodIsLong() throws IOException {
    String body = "    count();\n".repeat(58);

    var sizes = measure("class A {\n  @Override\n  void run() {\n" + body + "  }\n}\n");

    assertEquals(List.of(61), sizes.methods().stream().map(Measure.Method::lines).toList());
  }

  @Test
  void shouldCountLines_whenMethodIsInAnonymousClass() throws IOException {
    var sizes =
        measure(
            """
            class A {
              Object make() {
                return new Runnable() {
                  public void run() {
                    count();
                  }
                };
              }
            }
            """);

    assertEquals(List.of(7, 3), sizes.methods().stream().map(Measure.Method::lines).toList());
  }

  @Test
  void shouldCountParameters_whenThereAreSix() throws IOException {
    String six = String.join(", ", IntStream.range(0, 6).mapToObj(i -> "int p" + i).toList());

    var sizes = measure("class A {\n  A(" + six + ") {}\n\n  void run(" + six + ") {}\n}\n");

    assertEquals(List.of(6, 6), sizes.methods().stream().map(Measure.Method::parameters).toList());
  }

  @Test
  void shouldCountNoParameters_whenConstructorIsCanonical() throws IOException {
    var sizes =
        measure(
            """
            record A(int a, int b, int c, int d, int e, int f) {
              static final int G = 1;

              A {
                count();
              }

              record B(int a, int b) {
                B(int a, int b) {}

                B(int a) {}
              }
            }
            """);

    assertEquals(
        List.of(0, 0, 1), sizes.methods().stream().map(Measure.Method::parameters).toList());
  }

  @Test
  void shouldTellPublicTypes() throws IOException {
    var sizes = measure("public class A {\n  public class Inner {}\n}\n\ninterface B {}\n");

    assertEquals(
        List.of(true, false), sizes.types().stream().map(Measure.TopLevelType::isPublic).toList());
  }

  @Test
  void shouldNameLargePackages() {
    List<Path> files =
        Stream.of("a/A.java", "a/B.java", "a/package-info.java", "b/A.java", "b/B.java", "c/A.java")
            .map(Path::of)
            .toList();

    assertEquals(List.of(), Measure.largePackages(files, 2));
    assertEquals(List.of("a (2)", "b (2)"), Measure.largePackages(files, 1));
  }

  @Test
  void shouldRefuse_whenSourceDoesNotParse() {
    assertThrows(IllegalArgumentException.class, () -> measure("class {"));
  }

  @Test
  void shouldGiveValueThat95OfHundredDoNotExceed() {
    assertEquals(95, Measure.p95(IntStream.rangeClosed(1, 100).boxed().toList()));
    assertEquals(7, Measure.p95(List.of(7)));
    assertEquals(0, Measure.p95(List.of()));
  }

  private Measure.Sizes measure(String source) throws IOException {
    return Measure.of(List.of(Files.writeString(directory.resolve("A.java"), source)));
  }
}
