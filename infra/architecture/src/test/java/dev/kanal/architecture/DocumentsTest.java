package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Files that are written by hand: strict readers accept YAML and JSON, and pages name packages. */
final class DocumentsTest {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Tree TREE = Tree.here();
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  /** Modules whose packages docs/architecture describes. */
  private static final Set<String> DESCRIBED = Set.of("common", "scheduler", "worker");

  @TempDir private Path directory;

  @Test
  void shouldBeReadByStrictLoaders_whateverIsKeptByHand() {
    List<Path> documents = TREE.filesWhere(DocumentsTest::isDocument);
    List<String> refused = new ArrayList<>();
    documents.forEach(document -> read(document, refused));

    assertFalse(documents.isEmpty());
    assertEquals(List.of(), refused);
  }

  @Test
  void shouldRefuseAKeyThatStandsTwice() throws IOException {
    List<String> refused = new ArrayList<>();
    read(Files.writeString(directory.resolve("a.yaml"), "a:\n  b: 1\n  b: 2\n"), refused);
    read(Files.writeString(directory.resolve("a.json"), "{\"a\":{\"b\":1,\"b\":2}}"), refused);

    assertEquals(2, refused.size(), refused::toString);
  }

  @Test
  void shouldFindEachPackageOnThePageOfARoom() throws IOException {
    Path rooms = TREE.root().resolve("docs").resolve("architecture");
    var pages = new StringBuilder();
    for (Path page : TREE.filesWhere(file -> file.startsWith(rooms))) {
      pages.append(Files.readString(page));
    }
    List<String> packages = new ArrayList<>();
    for (Path info : TREE.filesWhere(DocumentsTest::isDescribedPackage)) {
      Matcher name = PACKAGE.matcher(Files.readString(info));
      assertTrue(name.find(), info::toString);
      packages.add(name.group(1));
    }

    assertTrue(packages.size() > 50, packages::toString);
    assertEquals(List.of(), unnamed(packages, pages.toString()));
    assertEquals(
        List.of("a.other"),
        unnamed(List.of("a.b.full", "a.b.last", "a.other"), "`a.b.full`, `last`, another"));
  }

  /** Those that no page names, by their last word or in full. */
  private static List<String> unnamed(List<String> packages, String pages) {
    return packages.stream()
        .filter(each -> !pages.contains("`" + each + "`"))
        .filter(each -> !pages.contains("`" + each.substring(each.lastIndexOf('.') + 1) + "`"))
        .toList();
  }

  private static boolean isDescribedPackage(Path file) {
    Path path = TREE.root().relativize(file);
    return file.endsWith("package-info.java")
        && DESCRIBED.contains(path.getName(0).toString())
        && path.toString().contains("main");
  }

  private static boolean isDocument(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private static void read(Path document, List<String> refused) {
    try {
      if (document.toString().endsWith(".json")) {
        readJson(document);
      } else {
        readYaml(document);
      }
    } catch (IOException | YAMLException e) {
      refused.add(document + ": " + e.getMessage());
    }
  }

  private static void readJson(Path document) throws IOException {
    try (JsonParser json = JSON.createParser(document.toFile())) {
      while (json.nextToken() != null) {
        json.skipChildren();
      }
    }
  }

  private static void readYaml(Path document) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    String text = Files.readString(document);
    new Yaml(new SafeConstructor(options)).loadAll(text).forEach(_ -> {});
  }
}
