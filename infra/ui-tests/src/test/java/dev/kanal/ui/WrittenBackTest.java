package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import dev.kanal.junit.TestKanal;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users have sent is shown as it came, and forms write back unchanged what was not edited. */
@BrowserTest
final class WrittenBackTest {
  /** Numbers that no double can hold, their notation, the order of names, blanks, escapes. */
  private static final String PAYLOAD =
      "{\"account\":3889108265204450030, \"price\":1.10,\"minus\":-0,\"tiny\":1E-7,\"big\":1e400,"
          + "\"2\":[1.0,10000000000000000001 ],\"1\":{ },\"text\":\"J\\u00fcrgen\\/\\\\\\\"\"}";

  private final Samples samples;
  private final Tab tab;

  WrittenBackTest(TestKanal kanal, Chrome chrome) {
    this.samples = new Samples(kanal);
    this.tab = chrome.tab(kanal.url());
  }

  @BeforeEach
  void work() {
    samples.worker();
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void shouldShowPayloadAndResult_asTheyCame() {
    String id = samples.submit("echo", PAYLOAD);
    samples.await("/v1/jobs/" + id, job -> job.path("state").asText().equals("SUCCEEDED"));
    tab.open("jobs/" + id).shows("Result");
    for (String panel : new String[] {"Payload", "Result"}) {
      Locator shown = panel(panel);
      for (String number : new String[] {"3889108265204450030", "1.10"}) {
        tab.shows(shown.getByText(number));
      }
      Tab.button(shown, "As text").click();
      tab.shows(shown.locator("pre"));
    }

    assertEquals(PAYLOAD, panel("Payload").locator("pre").textContent());
    String text = panel("Payload").locator("pre").textContent();
    Tab.button(panel("Payload"), "As tree").click();
    String tree = panel("Payload").innerText();

    for (String number : new String[] {"-0", "1E-7", "1e400", "10000000000000000001", "1.0"}) {
      assertTrue(text.contains(number) && tree.contains(number), () -> number + " in " + tree);
    }
    List<String> names = panel("Payload").locator(".name").allInnerTexts();
    assertTrue(names.indexOf("2") < names.indexOf("1"), names::toString);
    assertTrue(tree.contains("Jürgen"), tree);
  }

  @Test
  void shouldCloneAnUntouchedPayload_byteForByte() {
    String id = samples.submit("echo", PAYLOAD);

    String clone = clone(id, "3889108265204450030", "3889108265204450030");

    assertEquals(PAYLOAD, samples.piece("/v1/jobs/" + clone, "payload"));
  }

  @Test
  void shouldKeepTheOthersOfAPayload_whenOneIsChanged() {
    String id = samples.submit("echo", PAYLOAD);

    String clone = clone(id, "1.10", "2.20");

    String payload = samples.piece("/v1/jobs/" + clone, "payload");
    assertEquals(blankless(PAYLOAD.replace("1.10", "2.20")), blankless(payload));
  }

  @Test
  void shouldKeepAllOfASchedule_thatTheFormDoesNotShow_orNobodyTouched() {
    samples.put("/v1/schedules/kept", schedule("0 5 * * *"));
    String before = samples.text("/v1/schedules/kept");
    tab.open("schedules/kept").press("Edit").fill("Cron", "0 6 * * *").confirm("Cron", "Save");
    tab.shows("0 6 * * *");

    assertEquals(PAYLOAD, samples.piece("/v1/schedules/kept", "job", "payload"));
    assertEquals(
        before.replace("0 5 * * *", "0 6 * * *").replaceAll("\"changedAt.*", ""),
        samples.text("/v1/schedules/kept").replaceAll("\"changedAt.*", ""));
  }

  @Test
  void shouldChangeWhatIsChanged_andNothingBesides() {
    samples.put("/v1/schedules/other", schedule("0 5 * * *"));
    tab.open("schedules/other").press("Edit").fill("Cron", "").fill("Or every", "90m");
    tab.page().getByLabel("Late ticks").selectOption("skip");
    tab.confirm("Cron", "Save").shows("every 1 h 30 min");

    String after = samples.text("/v1/schedules/other");
    assertTrue(after.contains("\"every\":\"PT1H30M\""), after);
    assertTrue(after.contains("\"misfire\":{\"policy\":\"skip\",\"limit\":3}"), after);
    assertTrue(after.contains("\"startingDeadline\":\"PT2H\""), after);
    assertEquals(PAYLOAD, samples.piece("/v1/schedules/other", "job", "payload"));
  }

  @Test
  void shouldNotUndoWhatAnotherHasChangedMeanwhile_andOfferThatToBeEdited() {
    samples.put("/v1/schedules/shared", schedule("0 5 * * *"));
    tab.open("schedules/shared").press("Edit").fill("Cron", "0 6 * * *");
    samples.put("/v1/schedules/shared", schedule("0 7 * * *"));
    Locator dialog = tab.page().locator("dialog");
    Tab.button(dialog, "Save").click();
    tab.shows(dialog.locator("[role=alert]").getByText("Nothing was saved"));
    assertTrue(samples.text("/v1/schedules/shared").contains("\"cron\":\"0 7 * * *\""));

    Tab.button(dialog, "Load what is there now").click();
    tab.lacks(dialog.locator("[role=alert]"));
    assertEquals("0 7 * * *", dialog.locator("input[name=cron]").inputValue());
    tab.fill("Cron", "0 8 * * *").confirm("Cron", "Save").shows("0 8 * * *");

    assertTrue(samples.text("/v1/schedules/shared").contains("\"cron\":\"0 8 * * *\""));
  }

  @Test
  void shouldTakeAJobAsItIsTyped_withoutWhatWasTakenAway() {
    samples.put("/v1/schedules/typed", schedule("0 5 * * *"));
    tab.open("schedules/typed").press("Edit");
    Locator area = tab.page().locator("dialog textarea");
    tab.shows(area);
    area.fill("{\"type\":\"mail\",\"payload\":{\"price\":3.30,\"none\":null}}");
    tab.confirm("Cron", "Save").shows("3.30");

    String after = samples.text("/v1/schedules/typed");
    assertEquals(
        "{\"price\":3.30,\"none\":null}", samples.piece("/v1/schedules/typed", "job", "payload"));
    assertTrue(after.contains("\"tags\":{}"), after);
    assertTrue(after.contains("\"misfire\":{\"policy\":\"fireAll\",\"limit\":3}"), after);
  }

  @Test
  void shouldSaveNothing_whenNothingWasTouched() {
    samples.put("/v1/schedules/same", schedule("0 5 * * *"));
    String before = samples.text("/v1/schedules/same");

    tab.open("schedules/same").press("Edit").confirm("Cron", "Save");

    assertEquals(before, samples.text("/v1/schedules/same"));
  }

  @Test
  void shouldNotUndoAnothersSettingsOfAQueue() {
    samples.put("/v1/queues/shared", "{\"partitions\":1,\"concurrency\":3}");
    tab.open("queues/shared").shows("Workers on it").press("Settings").fill("Weight", "5");
    samples.put("/v1/queues/shared", "{\"partitions\":1,\"concurrency\":4}");
    Locator dialog = tab.page().locator("dialog");
    Tab.button(dialog, "Save").click();
    tab.shows(dialog.locator("[role=alert]").getByText("Nothing was saved"));

    Tab.button(dialog, "Load what is there now").click();
    tab.lacks(dialog.locator("[role=alert]"));
    assertEquals("4", dialog.locator("input[name=concurrency]").inputValue());
    tab.fill("Weight", "5").confirm("within 2 s", "Save");
    samples.await(
        "/v1/queues/shared",
        queue -> queue.path("weight").asInt() == 5 && queue.path("concurrency").asInt() == 4);
  }

  private static String schedule(String cron) {
    return """
        {"cron":"%s","zone":"Europe/Paris","misfire":{"policy":"fireAll","limit":3},
         "startingDeadline":"PT2H","concurrencyPolicy":"forbid",
         "job":{"type":"mail","queue":"mail","payload":%s,"tags":{"a":"b"},"timeout":"PT7S",
           "retry":{"maxAttempts":4,"backoff":{"initial":"PT2S","multiplier":1.10,"jitter":0.3}}}}"""
        .formatted(cron, PAYLOAD);
  }

  /** Clones the job with something else in the form's text; the id of the clone. */
  private String clone(String id, String from, String to) {
    tab.open("jobs/" + id).press("Clone");
    Locator area = tab.page().locator("dialog textarea");
    tab.shows(area);
    area.fill(area.inputValue().replace(from, to));
    tab.confirm("new job like this one", "Submit");
    tab.page().waitForURL(url -> url.contains("/jobs/") && !url.endsWith(id));
    return tab.page().url().replaceAll(".*/", "");
  }

  private Locator panel(String title) {
    return tab.page()
        .locator("main section.panel")
        .filter(
            new Locator.FilterOptions()
                .setHas(tab.page().locator("h2").getByText(Pattern.compile("^" + title + "$"))));
  }

  private static String blankless(String json) {
    return json.replaceAll("\\s", "");
  }
}
