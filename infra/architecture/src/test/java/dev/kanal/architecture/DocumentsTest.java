package dev.kanal.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** YAML and JSON that is written by hand: strict readers accept it, so no key stands twice. */
final class DocumentsTest {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @TempDir private Path directory;

  @Test
  void shouldBeReadByStrictLoaders_whateverIsKeptByHand() {
    List<Path> documents = Tree.here().filesWhere(DocumentsTest::isDocument);
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
