package dev.kanal.ui;

import dev.kanal.junit.TestKanal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the pages show about why a job waits. */
@BrowserTest
final class WaitsTest {
  private final Samples samples;
  private final Tab tab;

  WaitsTest(TestKanal kanal, Chrome chrome) {
    this.samples = new Samples(kanal);
    this.tab = chrome.tab(kanal.url());
  }

  @AfterEach
  void close() {
    tab.close();
  }

  @Test
  void shouldSayWhatIsNotWell_andWhyAJobWaits() {
    samples.put("/v1/queues/limited", "{\"concurrency\":1}");
    samples.bulk("mail", "limited", 3, ",\"key\":\"k\"");
    samples.await("/v1/queues/limited", queue -> queue.at("/blocked/byCause/key").asInt() == 2);

    tab.open("").shows("Critical:");
    tab.shows("there is no live worker").isAccessible().fits().screenshot("waits-overview");
    tab.open("queues").shows("No worker");
    tab.open("queues/limited").shows("Blocked jobs, by what they wait for");
    tab.shows("Jobs wait, and no live worker takes this queue.");
    tab.isAccessible().fits().screenshot("waits-queue");
    String blocked = samples.job("state=BLOCKED&queue=limited");
    tab.open("jobs/" + blocked).shows("Why it waits").shows("Jobs of the same key");
    tab.shows("none takes its queue").isAccessible().fits().screenshot("waits-job");

    samples.worker();
    tab.shows("Succeeded");
    tab.open("").shows("Nothing waits long");
    tab.screenshot("waits-well");
  }
}
