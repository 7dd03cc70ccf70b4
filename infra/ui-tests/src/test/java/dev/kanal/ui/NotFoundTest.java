package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Response;
import dev.kanal.junit.TestKanal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths at which there is nothing, in a browser. */
@BrowserTest
final class NotFoundTest {
  private final TestKanal kanal;
  private final Chrome chrome;

  NotFoundTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.chrome = chrome;
  }

  @ParameterizedTest
  @CsvSource({
    "nope, 404",
    "nope/a/b/?c=d, 404",
    "jobs/a/b, 404",
    "failures/x, 404",
    "constructor, 404",
    "jobs/01961f5e-6c00-7003-9a1b-2c3d4e5f6071, 200",
    "jobs/nope, 200",
    "queues/never-made, 200",
    "queues/Not%20a%20name, 200",
    "workers/nope, 200",
    "schedules/nope, 200"
  })
  void shouldSaySo_inTheLookOfAllPages(String path, int status) {
    try (Tab tab = chrome.tab(kanal.url())) {
      List<String> failures = new ArrayList<>();
      tab.page()
          .onResponse(
              response -> {
                if (response.status() == 500) {
                  failures.add(response.status() + " " + response.url());
                }
              });
      Response answer = tab.page().navigate(kanal.url() + "/" + path);

      assertEquals(status, answer.status());
      tab.shows(tab.page().locator("main h1").getByText("Not found"));
      tab.shows(tab.page().locator("nav").getByText("Schedules"));
      assertEquals(0, tab.page().locator("main [role=alert]").count());
      assertEquals(List.of(), failures);
    }
  }

  @Test
  void shouldLeadBack_andBeFitToBeSeen() {
    for (Look look : Look.ALL) {
      try (Tab tab = chrome.tab(kanal.url(), look)) {
        tab.open("nope/deep").shows("There is no such page.");
        tab.isAccessible().fits().screenshot("not-found-" + look.name());
        tab.page().getByText("To the overview").click();
        tab.page().waitForURL(kanal.url() + "/");
        tab.shows("Jobs by state");
      }
    }
  }
}
