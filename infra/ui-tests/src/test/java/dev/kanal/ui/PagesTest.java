package dev.kanal.ui;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.junit.TestKanal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every page, in every look: usable, within its width, quiet, and saved as a screenshot for a
 * person to look at.
 */
@BrowserTest
final class PagesTest {
  private static final Logger log = LoggerFactory.getLogger(PagesTest.class);
  private static final int MOST_BYTES = 200 * 1024;

  private final TestKanal kanal;
  private final Chrome chrome;
  private final Samples samples;

  PagesTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.chrome = chrome;
    this.samples = new Samples(kanal);
  }

  /** A page by its path, and what it shows once it has its data. */
  private record Seen(String name, String path, String shows) {}

  @BeforeEach
  void fill() {
    samples.worker().fill();
  }

  @Test
  void shouldBeUsable_inEveryLook() {
    List<Seen> pages =
        List.of(
            new Seen("overview", "", "Jobs by state"),
            new Seen("queues", "queues", "reports"),
            new Seen("queue", "queues/reports", "Workers on it"),
            new Seen("jobs", "jobs", "report"),
            new Seen("jobs-filtered", "jobs?state=DEAD&queue=reports", "Expected room"),
            new Seen("job-dead", "jobs/" + samples.job("state=DEAD"), "Attempts"),
            new Seen(
                "job-running", "jobs/" + samples.job("state=RUNNING&type=slow"), "page 4 of 10"),
            new Seen("failures", "failures", "smtp-refused"),
            new Seen("workers", "workers", Samples.WORKER),
            new Seen("worker", "workers/" + Samples.WORKER, "Running jobs"),
            new Seen("schedules", "schedules", "nightly"),
            new Seen("schedule", "schedules/nightly", "Next runs"));
    for (Seen seen : pages) {
      try (Tab tab = chrome.tab(kanal.url())) {
        tab.open(seen.path());
        for (Look look : Look.ALL) {
          tab.as(look)
              .page()
              .waitForFunction(
                  "text => document.querySelector('main').innerText.includes(text)", seen.shows());
          tab.isAccessible().fits().screenshot(seen.name() + "-" + look.name());
          log.info("{} {}: axe finds nothing serious", seen.name(), look.name());
        }
      }
    }
  }

  @Test
  void shouldBeLight_andThereAtOnce() {
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("").shows("Jobs by state");
      tab.page()
          .waitForFunction("() => performance.getEntriesByName('first-contentful-paint').length");
      Map<?, ?> load =
          (Map<?, ?>)
              tab.page()
                  .evaluate(
                      """
                      () => {
                        const files = performance.getEntriesByType('resource')
                          .filter((each) => !each.name.includes('/v1/'));
                        const page = performance.getEntriesByType('navigation')[0];
                        return {
                          bytes: files.reduce((sum, each) => sum + each.transferSize, page.transferSize),
                          files: files.length + 1,
                          paint: Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
                        };
                      }\
                      """);
      log.info("The first load: {}", load);

      int bytes = ((Number) requireNonNull(load.get("bytes"))).intValue();
      assertTrue(bytes > 0 && bytes < MOST_BYTES, () -> "Expected less, but got " + load);
    }
  }

  @Test
  void shouldKeepItsPlace_whenItIsLoadedAgain_orSteppedBack() {
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("jobs").page().locator(".chip").getByText("Dead").click();
      tab.page().waitForURL(url -> url.endsWith("/jobs?state=DEAD"));
      tab.page().reload();
      tab.shows("Expected room");

      tab.page().goBack();

      tab.page().waitForURL(url -> url.endsWith("/jobs"));
      tab.shows(tab.page().getByText("Running").last());
    }
  }

  @Test
  void shouldRememberTheTheme_thatIsChosen() {
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("jobs");
      tab.page().getByLabel("Theme").selectOption("dark");
      tab.page().reload();
      tab.shows(tab.page().locator("main h1"));

      assertEquals("dark", tab.page().evaluate("() => document.documentElement.dataset.theme"));
      assertEquals(
          "rgb(14, 17, 22)",
          tab.page().evaluate("() => getComputedStyle(document.body).backgroundColor"));
    }
  }

  @Test
  void shouldSayWhatIsNotThere() {
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("jobs/01961f5e-6c00-7003-9a1b-2c3d4e5f6071").shows("There is no such job");
      tab.open("queues/never-made").shows("There is no such queue");
    }
  }
}
