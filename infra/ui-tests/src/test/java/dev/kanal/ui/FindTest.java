package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import dev.kanal.junit.TestKanal;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The search box of the jobs page, which shows nothing that the filter does not match. */
@BrowserTest
final class FindTest {
  private final String queue = "held-" + UUID.randomUUID();
  private final TestKanal kanal;
  private final Samples samples;
  private final Tab tab;

  FindTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.samples = new Samples(kanal);
    this.tab = chrome.tab(kanal.url());
  }

  @BeforeEach
  void fill() {
    samples.put("/v1/queues/" + queue, "{\"paused\":true}");
    samples.bulk("mail", queue, 3, "");
    samples.bulk("mail", queue, 1, ",\"tags\":{\"order\":\"ORD-2026-4711\",\"of\":\"two words\"}");
    samples.bulk("report", queue, 1, ",\"key\":\"ORD-2026-4712\"");
    samples.await("/v1/jobs?queue=" + queue, body -> body.path("items").size() >= 5);
    tab.open("jobs?queue=" + queue);
    tab.shows(rows());
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void shouldFindAnIdByItsEnd_asTheListShowsIt() {
    String id = samples.job("type=report&queue=" + queue);
    String shown = tab.page().locator("a[href$='" + id + "']").first().innerText();
    assertEquals("…" + id.substring(24), shown);

    for (String typed : new String[] {shown, id.substring(26), "id:" + id.substring(20)}) {
      find(typed);
      tab.has(1, rows()).shows(tab.page().locator("main a[href$='" + id + "']"));
      tab.shows(chip(typed.replaceAll("^(…|id:)", "")));
      clear();
    }
  }

  @Test
  void shouldFindTheValueOfATag_aKey_andAType() {
    for (String typed :
        new String[] {"ORD-2026-4711", "\"two words\"", "ORD-2026-4712", "report"}) {
      find(typed);
      tab.has(1, rows());
      tab.shows(chip(typed.replace("\"", "")));
      clear();
    }
    find("ORD-2026-471");
    tab.shows("No job matches all of that.").lacks(rows());
    find("order:ORD-2026-4711");
    tab.shows("No job matches all of that.").lacks(rows());
    tab.page().getByLabel("Remove filter find ORD-2026-471").click();
    tab.has(1, rows());
  }

  @Test
  void shouldShowNothingOfAnotherFilter_whenOneCannotBeAsked() {
    find("state:nonsense");

    tab.shows(tab.page().locator("main [role=alert]")).lacks(rows());
    assertFalse(tab.page().locator("main").innerText().contains("No job matches"));
    tab.page().navigate(kanal.url() + "/jobs?type=%3F%3F");
    tab.shows(tab.page().locator("main [role=alert]")).lacks(rows());
  }

  @Test
  void shouldSelectByHandOnly_whatWordsHaveFound() {
    find("ORD-2026-4711");
    tab.has(1, rows());
    tab.page().getByLabel("Select all on this page").check();

    assertTrue(Tab.button(tab.page().locator("main"), "Select all that match").isDisabled());
  }

  /** As for a list that is too long for one look. */
  @Test
  void shouldSayThatASearchWasCutShort() {
    tab.page().route(url -> url.contains("/v1/jobs?") && url.contains("find=mail"), FindTest::cut);
    find("mail");

    tab.shows("The search was cut short here").isAccessible().screenshot("jobs-cut-short");
    tab.page().unrouteAll();
  }

  /** The first look ends early, and those after it find nothing more. */
  private static void cut(Route route) {
    boolean first = !route.request().url().contains("cursor=");
    String body = first ? route.fetch().text() : "{\"items\":[],\"nextCursor\":null}";
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(body.replace("\"nextCursor\":null", "\"nextCursor\":\"on\"")));
  }

  private void find(String typed) {
    Locator box = tab.page().locator("[name=search]");
    box.fill(typed);
    box.press("Enter");
  }

  private void clear() {
    tab.page().navigate(kanal.url() + "/jobs?queue=" + queue);
    tab.has(5, rows());
  }

  private Locator rows() {
    return tab.page().locator("table.jobs tbody tr");
  }

  private Locator chip(String value) {
    return tab.page().locator(".chips .chip").filter(new Locator.FilterOptions().setHasText(value));
  }
}
