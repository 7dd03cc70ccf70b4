package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.config.KafkaConfig;
import dev.kanal.common.config.Role;
import dev.kanal.common.config.Settings;
import dev.kanal.common.config.Sources;
import dev.kanal.junit.TestKanal;
import dev.kanal.scheduler.Scheduler;
import dev.kanal.scheduler.SchedulerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the dashboard may stand: behind a prefix, and where nothing may be changed. */
@BrowserTest
final class PlacesTest {
  private final TestKanal kanal;
  private final Chrome chrome;

  PlacesTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.chrome = chrome;
  }

  @Test
  void shouldWork_behindAPathPrefix() throws Exception {
    Samples samples = new Samples(kanal).worker();
    String id = samples.submit("mail", "\"prefixed\"");
    try (Prefixed proxy = new Prefixed(kanal.url());
        Tab tab = chrome.tab(proxy.url())) {
      tab.open("jobs/" + id).shows("\"prefixed\"");
      tab.page().locator("nav").getByText("Queues").click();
      tab.page().waitForURL(proxy.url() + "/queues");
      tab.shows("default").press("New queue");
      tab.fill("Name (a-z, 0-9, -)", "behind").confirm("all defaults", "New queue");
      tab.page().waitForURL(proxy.url() + "/queues/behind");
      tab.page().reload();
      tab.shows("Workers on it");
    }
  }

  @Test
  void shouldHideAndRefuseActions_whenItIsReadOnly(@TempDir Path directory) throws Exception {
    Samples samples = new Samples(kanal).worker();
    samples.bulk("report", "looked-at", 1, "");
    String id = samples.job("state=DEAD");
    Map<String, String> given =
        Map.of(
            "kafka.bootstrap", kanal.bootstrapServers(),
            "topics.prefix", kanal.prefix(),
            "http.port", "0",
            "engine.shards", "2",
            "ui", "read-only",
            "ui.trace-url", "http://traces.example/{traceId}");
    Settings settings = Settings.resolve(Role.SCHEDULER, new Sources(Map.of(), Map.of(), given));
    SchedulerConfig config = SchedulerConfig.from(settings, KafkaConfig.from(settings), directory);
    try (Scheduler scheduler = Scheduler.start(config, Clocks.system());
        Tab tab = chrome.tab(URI.create("http://127.0.0.1:" + scheduler.port()))) {
      for (String page : new String[] {"queues", "jobs", "jobs/" + id, "failures", "workers"}) {
        tab.open(page).shows("Read-only");
        tab.lacks(
            tab.page()
                .locator("main")
                .getByText(Pattern.compile("^(Retry|Delete|Purge|Pause|Drain|Clone)$")));
      }
      assertEquals(
          403,
          tab.page()
              .evaluate(
                  "async id => (await fetch(`/v1/jobs/${id}/retry`, {method: 'POST'})).status",
                  id));
    }
  }
}
