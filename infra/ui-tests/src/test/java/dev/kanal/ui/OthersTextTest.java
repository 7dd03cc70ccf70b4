package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.BoundingBox;
import dev.kanal.junit.TestKanal;
import dev.kanal.worker.JobFailed;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Text that users and handlers bring: long, in another direction, with controls, again and again.
 */
@BrowserTest
final class OthersTextTest {
  /** Reads as {@code invoice-exe.pdf} where its direction is believed. */
  private static final String TURNED = "invoice-\u202efdp.exe";

  private static final String CONTROLS = "\u001b[31mred\u0007\u200b\u2066\u009b";
  private static final String UNSEEN =
      "[\u0000-\u0008\u001b\u0080-\u009f\u200b\u202a-\u202e\u2066-\u2069]";
  private static final String LONG = "x".repeat(200_000);

  private final TestKanal kanal;
  private final Chrome chrome;
  private final Samples samples;
  private final CountDownLatch over = new CountDownLatch(1);

  OthersTextTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.chrome = chrome;
    this.samples = new Samples(kanal);
  }

  @BeforeEach
  void work() {
    var _ =
        kanal.worker(
            builder ->
                builder
                    .name(Samples.WORKER)
                    .handle(
                        "half",
                        String.class,
                        (context, said) -> {
                          context.progress(0.5, said);
                          over.await();
                          return null;
                        })
                    .handle("again", JsonNode.class, (_, _) -> failed("oops", "it is still away"))
                    .handle(
                        "said",
                        JsonNode.class,
                        (context, said) -> {
                          context.log(said.asText());
                          context.progress(0.5, said.asText());
                          return failed("said", said.asText());
                        }));
  }

  @AfterEach
  void end() {
    over.countDown();
  }

  @Test
  void shouldWrapALine_howeverLongItIs() {
    List<String> ids =
        List.of(
            samples.submit("echo", "\"" + LONG + "\""),
            samples.submit(
                "echo", "{\"a\":[\"" + LONG + "\"],\"" + LONG.substring(150_000) + "\":1}"),
            samples.submit("echo", "1" + "0".repeat(900)),
            said("w".repeat(3_000)),
            half("w".repeat(3_000)));
    for (Look look : List.of(Look.LIGHT, Look.PHONE)) {
      for (String id : ids) {
        try (Tab tab = chrome.tab(kanal.url(), look)) {
          tab.open("jobs/" + id).shows("Payload").fits();
          for (Locator each : tab.page().locator("details.long > summary").all()) {
            each.click();
          }
          tab.fits();
          Tab.button(tab.page().locator("main"), "As text").click();
          tab.shows(tab.page().locator("pre.text")).fits();
          tab.screenshot("job-long-" + ids.indexOf(id) + "-" + look.name());
          tab.open("jobs").shows(tab.page().locator("tbody tr")).fits();
          tab.open("failures").shows(tab.page().locator("main h1")).fits();
        }
      }
    }
  }

  @Test
  void shouldShowWhatCannotBeSeen_andKeepItsDirectionToItself() {
    String said = TURNED + CONTROLS;
    String id = said(said);
    String tagged =
        samples.submit(
            "echo",
            "{\"%s\":\"%s\"}".formatted(TURNED, TURNED),
            ",\"key\":\"%1$s\",\"tags\":{\"file\":\"%1$s\"}".formatted(TURNED));
    for (String path :
        new String[] {
          "jobs/" + id,
          "jobs/" + tagged,
          "jobs",
          "jobs?find=%E2%80%AEa",
          "failures",
          "jobs?queue=%E2%80%AEa",
          "jobs/%E2%80%AEa",
          "queues/%E2%80%AEa",
          "schedules/%E2%80%AEa"
        }) {
      try (Tab tab = chrome.tab(kanal.url())) {
        tab.open(path);
        if (path.startsWith("jobs/0") || path.equals("failures") || path.equals("jobs")) {
          tab.shows(tab.page().locator("main bdi .unseen"));
          assertTrue(tab.page().locator("main").innerText().contains("[U+202E]"), path);
        }
        assertEquals(List.of(), unseen(tab), path);
        tab.isAccessible().screenshot("unseen-" + path.replaceAll("[^a-z]+", "-"));
      }
    }
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("jobs/" + id);
      String log = tab.page().locator("ol.log").innerText();
      assertTrue(log.contains("␛[31mred␇[U+200B][U+2066]"), log);
      assertEquals(
          "isolate",
          tab.page()
              .evaluate(
                  "() => getComputedStyle(document.querySelector('.error bdi')).unicodeBidi"));
    }
  }

  @Test
  void shouldLeaveLanguagesAndEmojiAsTheyAre() {
    String words = "שלום عربى می‌خواهم 👩‍👩‍👧 é";
    String id = samples.submit("echo", "\"" + words + "\"");
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("jobs/" + id).shows(words);
      assertEquals(0, tab.page().locator(".unseen").count());
    }
  }

  @Test
  void shouldShowTheNewestErrorAtTheTop_andFoldWhatIsLongAgo() {
    String id =
        samples.submit(
            "again",
            "1",
            ",\"retry\":{\"maxAttempts\":30,\"backoff\":{\"initial\":\"PT0.01S\",\"max\":\"PT0.01S\"}}");
    samples.await("/v1/jobs/" + id, job -> job.path("state").asText().equals("DEAD"));
    for (Look look : Look.ALL) {
      try (Tab tab = chrome.tab(kanal.url(), look)) {
        tab.open("jobs/" + id).shows("Newest error");
        Locator error = tab.page().locator("main").getByText("it is still away").first();
        BoundingBox box = Objects.requireNonNull(error.boundingBox());
        assertTrue(box.y < 400, () -> "the error begins at " + box.y);
        assertEquals(9, tab.page().locator("ol.life > li:visible").count());
        assertEquals(5, tab.page().locator("ol.attempts > li:visible").count());
        tab.isAccessible().fits().screenshot("job-attempts-" + look.name());

        tab.page().getByText("Show what came before").click();
        assertTrue(tab.page().locator("ol.life > li:visible").count() > 60);
        tab.page().getByText("Show 15 older attempts").click();
        assertEquals(20, tab.page().locator("ol.attempts > li:visible").count());
      }
    }
  }

  /** A job that runs until the test is over, and has said how far it is. */
  private String half(String text) {
    String id = samples.submit("half", Samples.quoted(text));
    samples.await("/v1/jobs/" + id, job -> job.path("progress").isObject());
    return id;
  }

  private String said(String text) {
    String id = samples.submit("said", Samples.quoted(text));
    samples.await("/v1/jobs/" + id, job -> job.path("state").asText().equals("DEAD"));
    return id;
  }

  private static JsonNode failed(String reason, String message) throws JobFailed {
    throw new JobFailed(reason, message, reason.equals("oops"));
  }

  /** What is in texts and titles of the page, and cannot be seen. */
  private static Object unseen(Tab tab) {
    return tab.page()
        .evaluate(
            """
            (unseen) => [document.title, document.body.innerText,
                ...[...document.querySelectorAll('[title], [aria-label], option')].flatMap((each) => [each.title, each.ariaLabel ?? '', each.textContent])]
              .filter((text) => new RegExp(unseen).test(text))\
            """,
            UNSEEN);
  }
}
