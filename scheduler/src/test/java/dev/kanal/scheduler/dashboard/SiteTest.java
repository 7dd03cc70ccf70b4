package dev.kanal.scheduler.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SiteTest {
  private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\(?\\s*'(\\.[^']+)'");

  private final Site site = Site.load();

  @ParameterizedTest
  @CsvSource({
    "/, ./",
    "/jobs, ./",
    "/jobs/, ../",
    "/jobs/01961f5e-6c00-7003-9a1b-2c3d4e5f6071, ../",
    "/queues/mail/, ../../"
  })
  void shouldNameItsFilesByTheWayUp(String path, String root) {
    String page = new String(site.page(path).orElseThrow().plain(), UTF_8);

    assertTrue(page.contains("src=\"" + root + "assets/" + site.version() + "/app.js\""), page);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jobs",
        "/v1/jobs",
        "/nope",
        "/jobs/a/b",
        "//jobs",
        "/failures/a",
        "/index.html"
      })
  void shouldHaveNoPage_whereItIsNotAsked(String path) {
    assertEquals(Optional.empty(), site.page(path));
  }

  @Test
  void shouldBeAnywhere_downToItsBound() {
    String page = new String(site.anywhere("/a/b/c/d/e/f/g/h/i").orElseThrow().plain(), UTF_8);

    assertTrue(page.contains("src=\"" + "../".repeat(Site.DEEPEST) + "assets/"), page);
    assertEquals(Optional.empty(), site.anywhere("/a/b/c/d/e/f/g/h/i/j"));
    assertEquals(Optional.empty(), site.anywhere("nope"));
  }

  @Test
  void shouldHaveWhateverItsModulesImport() {
    for (var entry : new TreeMap<>(SiteFiles.read()).entrySet()) {
      if (!entry.getKey().endsWith(".js") || entry.getKey().startsWith("lib/")) {
        continue;
      }
      var imports = IMPORT.matcher(new String(entry.getValue(), UTF_8));
      while (imports.find()) {
        String wanted =
            URI.create("site:/" + entry.getKey()).resolve(imports.group(1)).getPath().substring(1);
        assertTrue(site.asset(wanted).isPresent(), entry.getKey() + " imports " + wanted);
      }
    }
  }

  /** Else the first paint waits for what the head names. */
  @Test
  void shouldHaveInThePage_whatTheFirstPaintNeeds() throws NoSuchAlgorithmException {
    String page = new String(site.page("/").orElseThrow().plain(), UTF_8);
    String head = page.substring(0, page.indexOf("</head>"));

    assertFalse(head.contains("stylesheet"), "a style sheet in the head");
    assertFalse(Pattern.compile("<script src").matcher(head).find(), "a script in the head");
    assertEquals(hashOf(head, "style"), site.styleHash());
    assertEquals(hashOf(head, "script"), site.scriptHash());
  }

  private static String hashOf(String head, String element) throws NoSuchAlgorithmException {
    String open = "<" + element + ">";
    String text =
        head.substring(head.indexOf(open) + open.length(), head.indexOf("</" + element + ">"));
    assertTrue(text.length() > 100, text);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  @Test
  void shouldZipWhatItHas() throws IOException {
    Asset words = site.asset("core/words.js").orElseThrow();

    try (var in = new GZIPInputStream(new ByteArrayInputStream(words.zipped()))) {
      assertEquals(new String(words.plain(), UTF_8), new String(in.readAllBytes(), UTF_8));
    }
    assertTrue(words.zipped().length < words.plain().length / 2);
  }

  @Test
  void shouldKeepItsFilesShort() {
    SiteFiles.read()
        .forEach(
            (path, content) -> {
              if (!path.startsWith("lib/")) {
                long lines = new String(content, UTF_8).lines().count();
                assertTrue(lines <= 300, () -> path + " has " + lines + " lines");
              }
            });
  }
}
