package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sizes and words of all sources, main and test. */
final class TidyTest {
  private static final int MAX_FILE_LINES = 500;
  private static final int P95_FILE_LINES = 300;
  private static final int MAX_METHOD_LINES = 60;
  private static final int P95_METHOD_LINES = 25;
  private static final int MAX_PARAMETERS = 5;
  private static final int MIN_NON_PUBLIC_PERCENT = 40;
  private static final int MAX_PACKAGE_FILES = 25;

  /** Below this number of types a share says little. */
  private static final int MIN_TYPES_FOR_SHARE = 50;

  private static final Set<String> TEXT_ENDINGS =
      Set.of("java", "md", "xml", "yaml", "yml", "json", "properties", "html", "sh", "config");
  private static final Pattern POSTPONED = Pattern.compile("\\b(?:TO[D]O|FIX[M]E)\\b");

  /** Paths of a writer's own machine, which mean nothing elsewhere. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.-])/(?:root|work|home/\\w+|tmp/wt)[-/]");

  private static final Tree TREE = Tree.here();
  private static List<Path> sources = List.of();
  private static Measure.Sizes sizes = new Measure.Sizes(List.of(), List.of());

  @BeforeAll
  static void measure() throws IOException {
    sources = TREE.javaFiles();
    sizes = Measure.of(sources);
  }

  @Test
  void shouldKeepMethodsShort() {
    assertNone(
        sizes.methods().stream().filter(method -> method.lines() > MAX_METHOD_LINES).toList(),
        "methods of more than " + MAX_METHOD_LINES + " lines");
    int p95 = Measure.p95(sizes.methods().stream().map(Measure.Method::lines).toList());
    assertTrue(
        p95 <= P95_METHOD_LINES,
        () -> "Expected 95 % of methods within " + P95_METHOD_LINES + " lines, but p95 is " + p95);
  }

  @Test
  void shouldKeepParametersFew() {
    assertNone(
        sizes.methods().stream().filter(method -> method.parameters() > MAX_PARAMETERS).toList(),
        "methods with more than " + MAX_PARAMETERS + " parameters");
  }

  @Test
  void shouldKeepFilesShort() throws IOException {
    var lengths = new ArrayList<Integer>();
    var tooLong = new ArrayList<String>();
    for (Path source : sources) {
      int lines = Files.readAllLines(source).size();
      lengths.add(lines);
      if (lines > MAX_FILE_LINES) {
        tooLong.add(source + " (" + lines + ")");
      }
    }
    assertNone(tooLong, "files of more than " + MAX_FILE_LINES + " lines");
    int p95 = Measure.p95(lengths);
    assertTrue(
        p95 <= P95_FILE_LINES,
        () -> "Expected 95 % of files within " + P95_FILE_LINES + " lines, but p95 is " + p95);
  }

  @Test
  void shouldKeepPackagesSmall() {
    assertNone(
        Measure.largePackages(
            sources.stream().map(TREE.root()::relativize).toList(), MAX_PACKAGE_FILES),
        "packages of more than " + MAX_PACKAGE_FILES + " files");
  }

  @Test
  void shouldKeepTypesToTheirPackage() {
    int types = sizes.types().size();
    long nonPublic = sizes.types().stream().filter(type -> !type.isPublic()).count();
    if (types > MIN_TYPES_FOR_SHARE) {
      assertTrue(
          nonPublic * 100 >= (long) types * MIN_NON_PUBLIC_PERCENT,
          () ->
              "Expected at least %d %% of top-level types not public, but %d of %d are"
                  .formatted(MIN_NON_PUBLIC_PERCENT, nonPublic, types));
    }
  }

  @Test
  void shouldDescribeEveryPackage() throws IOException {
    var silent = new ArrayList<Path>();
    for (Path source : sources) {
      if (source.endsWith("package-info.java") && !Files.readString(source).startsWith("/**")) {
        silent.add(source);
      }
    }
    assertNone(silent, "packages without a description");
  }

  @Test
  void shouldPostponeNothingInText() throws IOException {
    assertNone(filesWith(POSTPONED), "texts that postpone work");
  }

  @Test
  void shouldNameNoPathOfTheMachineItWasWrittenOn() throws IOException {
    assertNone(filesWith(MACHINE_PATH), "texts with a path of somebody's machine");
  }

  @Test
  void shouldFindPathsAndPostponedWork_whenPlanted() {
    assertTrue(MACHINE_PATH.matcher("see /wo".concat("rk/main/x")).find());
    assertTrue(MACHINE_PATH.matcher("in /ho".concat("me/ann/x")).find());
    assertFalse(MACHINE_PATH.matcher("http://host/work/1, a/home/ann/, /v1/jobs").find());
    assertTrue(POSTPONED.matcher("// TO".concat("DO: later")).find());
    assertFalse(POSTPONED.matcher("MASTODONT").find());
  }

  @Test
  void shouldReadTheWholeTree() {
    assertTrue(sources.size() > 30, () -> "Expected the tree's sources, but found " + sources);
    assertEquals(
        List.of(),
        TREE.modules().stream()
            .filter(module -> !Files.exists(module.resolve("pom.xml")))
            .toList());
  }

  private static List<String> filesWith(Pattern pattern) throws IOException {
    var found = new ArrayList<String>();
    for (Path file : TREE.filesWhere(TidyTest::isText)) {
      // Latin 1 reads any bytes, and the patterns are ASCII.
      var matcher = pattern.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      if (matcher.find()) {
        found.add(TREE.root().relativize(file) + ": " + matcher.group());
      }
    }
    return found;
  }

  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0
        ? name.equals("kanal") || name.equals("Dockerfile")
        : TEXT_ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static void assertNone(List<?> found, String what) {
    assertEquals(List.of(), found, () -> "Expected no " + what);
  }
}
