package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.junit.TestKanal;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything one can do on the pages, with its effect. */
@BrowserTest
final class ActionsTest {
  private final TestKanal kanal;
  private final Samples samples;
  private final Tab tab;

  ActionsTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
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
  void shouldMakeSetPauseResumePurgeAndDeleteAQueue() {
    tab.open("queues").press("New queue");
    tab.fill("Name (a-z, 0-9, -)", "fresh").confirm("all defaults", "New queue");
    tab.page().waitForURL(kanal.url() + "/queues/fresh");
    // The list, whose rows have settings, too, is still there for a moment.
    tab.page().reload();

    tab.press("Settings").fill("Tasks at once", "7").confirm("within 2 s", "Save");
    samples.await("/v1/queues/fresh", queue -> queue.path("concurrency").asInt() == 7);

    tab.press("Pause").confirm("0 jobs would wait", "Pause").shows("Paused");
    samples.bulk("mail", "fresh", 3, "");
    samples.await("/v1/queues/fresh", queue -> queue.path("waiting").asInt() == 3);
    tab.page().reload();
    tab.shows("Paused").press("Purge").confirm("3 jobs that wait in fresh", "Purge");
    tab.shows("3 of 3 done");
    samples.await("/v1/queues/fresh", queue -> queue.path("waiting").asInt() == 0);

    tab.press("Resume").confirm("again", "Resume");
    samples.await("/v1/queues/fresh", queue -> !queue.path("paused").asBoolean());
    tab.press("Delete").confirm("settings and topics", "Delete");
    tab.page().waitForURL(kanal.url() + "/queues");
  }

  @Test
  void shouldFindJobs_byKeyboardStateTagAndId() {
    samples.bulk("mail", "found", 2, ",\"tags\":{\"customer\":\"c-9\"}");
    String id = samples.submit("mail", "\"alone\"");
    tab.open("jobs");

    tab.page().keyboard().press("/");
    tab.page().keyboard().type("customer:c-9");
    tab.page().keyboard().press("Enter");
    tab.page().waitForURL(Pattern.compile("tag=customer%3Ac-9"));
    tab.has(2, tab.page().locator("tbody tr"));

    tab.page().keyboard().type(id);
    tab.page().keyboard().press("Enter");
    tab.page().waitForURL(kanal.url() + "/jobs/" + id);
    tab.shows("\"alone\"");
  }

  @Test
  void shouldRetrySelectedJobs_andDeleteAllThatMatch() {
    samples.bulk("report", "bulk", 3, "");
    samples.await("/v1/queues/bulk", queue -> queue.path("states").path("DEAD").asInt() == 3);
    tab.open("jobs?queue=bulk&state=DEAD");
    tab.shows(tab.page().locator("tbody tr"));

    tab.page().getByLabel("Select all on this page").check();
    tab.shows("3 jobs selected").press("Retry").confirm("3 jobs would run again", "Retry");
    tab.shows("3 of 3 done");

    samples.await(
        "/v1/jobs?queue=bulk&state=DEAD",
        body -> body.path("items").size() == 3 && body.at("/items/0/attempt").asInt() == 2);
    tab.page().reload();
    tab.shows(tab.page().locator("tbody tr"));
    tab.page().getByLabel("Select all on this page").check();
    tab.press("Select all that match").shows("All matching jobs are selected").press("Delete");
    tab.confirm("3 jobs would be forgotten", "Delete");
    samples.await("/v1/jobs?queue=bulk", body -> body.path("items").isEmpty());
    tab.shows("No job matches all of that.");
  }

  @Test
  void shouldStopABulkAction_halfWay() {
    samples.put("/v1/queues/much", "{\"partitions\":1,\"paused\":true}");
    samples.bulk("mail", "much", 20_000, "");
    samples.await("/v1/queues/much", queue -> queue.path("waiting").asInt() == 20_000);
    tab.open("jobs?queue=much");
    tab.shows(tab.page().locator("tbody tr"));
    tab.page().getByLabel("Select all on this page").check();
    tab.press("Select all that match").press("Cancel");
    tab.confirm("20,000 jobs would end", "Cancel them");

    Tab.button(tab.page().locator("kanal-bulk"), "Stop").click();

    tab.shows(tab.page().locator("kanal-bulk").getByText(Pattern.compile("Stopped|Done")));
    samples.put("/v1/queues/much", "{\"partitions\":1,\"paused\":true}");
  }

  @Test
  void shouldRetryCloneAndForgetAJob() {
    String id = samples.submit("report", "{\"no\":\"room\"}");
    samples.await("/v1/jobs/" + id, job -> job.path("state").asText().equals("DEAD"));
    tab.open("jobs/" + id).shows("smtp-refused");

    tab.press("Retry");
    samples.await("/v1/jobs/" + id, job -> job.path("attempt").asInt() == 2);
    tab.shows("#2");

    tab.press("Hide payloads").shows("Hidden.").press("Show payloads").shows("\"room\"");
    tab.press("Clone").confirm("new job like this one", "Submit");
    tab.page().waitForURL(url -> !url.endsWith(id));
    tab.shows("smtp-refused");
    String clone = tab.page().url().replaceAll(".*/", "");
    JsonNode first = samples.await("/v1/jobs/" + id, job -> job.has("retry"));
    JsonNode second = samples.await("/v1/jobs/" + clone, job -> job.has("retry"));
    assertEquals(first.path("payload"), second.path("payload"));
    assertEquals(first.path("retry"), second.path("retry"));
    assertEquals(first.path("retention"), second.path("retention"));
    tab.press("Delete").confirm("This one job is forgotten", "Delete");
    tab.page().waitForURL(kanal.url() + "/jobs");
  }

  @Test
  void shouldRunALaterJobNow_andCancelARunningOne() {
    samples.bulk("mail", "later", 1, ",\"delay\":\"1h\"");
    String later =
        samples
            .await("/v1/jobs?queue=later", body -> body.path("items").size() == 1)
            .at("/items/0/id")
            .asText();
    tab.open("jobs/" + later).shows("waits for its time").press("Run now");
    samples.await("/v1/jobs/" + later, job -> job.path("state").asText().equals("SUCCEEDED"));
    tab.shows("Succeeded");

    String slow = samples.submit("slow", "{\"pages\":10}");
    tab.open("jobs/" + slow).shows("page 4 of 10").shows("begins with");
    tab.press("Cancel").confirm("interrupted", "Cancel the job").shows("Cancelled");
  }

  @Test
  void shouldRetryAGroupOfFailures() {
    samples.bulk("report", "grouped", 4, "");
    samples.await("/v1/failures?queue=grouped", body -> body.path("jobs").asInt() == 4);
    tab.open("failures?queue=grouped").shows("smtp-refused");

    tab.press("smtp-refused", "Retry").confirm("4 jobs would run again", "Retry");

    tab.shows("4 of 4 done");
    samples.await(
        "/v1/jobs?queue=grouped&state=DEAD",
        body -> body.path("items").size() == 4 && body.at("/items/3/attempt").asInt() == 2);
    tab.row("smtp-refused").getByText("Show jobs").click();
    tab.page().waitForURL(Pattern.compile("/jobs\\?failure="));
    tab.has(4, tab.page().locator("table.jobs tbody tr"));
  }

  @Test
  void shouldDrainAWorker() {
    tab.open("workers").shows(Samples.WORKER).press(Samples.WORKER, "Drain");
    tab.confirm("takes no more tasks", "Drain").shows("Draining");
    samples.await(
        "/v1/workers",
        body -> body.path("items").isEmpty() || body.at("/items/0/draining").asBoolean());
  }

  @Test
  void shouldMakeChangePauseTriggerAndDeleteASchedule() {
    tab.open("schedules").press("New schedule");
    tab.fill("Name", "made-here").fill("Or every", "1h").confirm("cron expression", "New schedule");
    tab.page().waitForURL(kanal.url() + "/schedules/made-here");
    tab.shows("every 1 h");

    tab.press("Edit").fill("Or every", "").fill("Cron", "0 6 * * MON-FRI");
    tab.confirm("new cadence", "Save").shows("0 6 * * MON-FRI");
    tab.press("Pause").confirm("until it is resumed", "Pause").shows("None while it is paused.");
    tab.press("Run now").confirm("1 job", "Run now").shows("by hand");
    tab.press("Resume").confirm("makes jobs again", "Resume").shows("in ");
    tab.press("Delete").confirm("1 schedule", "Delete");
    tab.page().waitForURL(kanal.url() + "/schedules");
  }

  @Test
  void shouldSayWhatIsWrong_whereItIsAsked() {
    tab.open("schedules").press("New schedule");
    tab.fill("Name", "wrong").fill("Cron", "never");
    Tab.button(tab.page().locator("dialog"), "New schedule").click();

    tab.shows(tab.page().locator("dialog [role=alert]").getByText("/cron"));
    Tab.button(tab.page().locator("dialog"), "Back").click();
  }
}
