package dev.kanal.ui;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.junit.TestKanal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Overview that is left open while jobs run: what it holds does not grow. {@code -Dui.open-for}
 * sets for how long ({@code PT30M} to be sure), {@code -Dui.jobs-per-second} the load.
 */
@BrowserTest
final class OpenForLongTest {
  private static final Logger log = LoggerFactory.getLogger(OpenForLongTest.class);
  private static final Duration OPEN = Duration.parse(System.getProperty("ui.open-for", "PT20S"));
  private static final int PER_SECOND = Integer.getInteger("ui.jobs-per-second", 167);

  /** How much more a page may hold at the end than after the first quarter. */
  private static final double MOST_BYTES = 4e6;

  private static final int MOST_NODES = 300;

  private final TestKanal kanal;
  private final Chrome chrome;

  OpenForLongTest(TestKanal kanal, Chrome chrome) {
    this.kanal = kanal;
    this.chrome = chrome;
  }

  private record Held(double bytes, int nodes, int listeners) {}

  @Test
  void shouldHoldNoMore_howeverLongItIsOpen() {
    Samples samples = new Samples(kanal).worker();
    try (Tab tab = chrome.tab(kanal.url())) {
      tab.open("").shows("Jobs by state");
      CDPSession session = tab.page().context().newCDPSession(tab.page());
      List<Held> held = new ArrayList<>();
      Ticker ticker = Clocks.system().ticker();
      long begun = ticker.nanos();
      while (ticker.nanos() - begun < OPEN.toNanos()) {
        samples.bulk("mail", "default", PER_SECOND, "");
        tab.page().waitForTimeout(1000);
        held.add(held(session));
      }
      Held early = held.get(held.size() / 4);
      Held late = held.getLast();
      log.info("Open for {}: {} after a quarter, {} at the end", OPEN, early, late);

      assertTrue(late.bytes() - early.bytes() < MOST_BYTES, held::toString);
      assertTrue(late.nodes() - early.nodes() < MOST_NODES, held::toString);
      assertTrue(late.listeners() - early.listeners() < MOST_NODES, held::toString);
    }
  }

  private static Held held(CDPSession session) {
    session.send("HeapProfiler.collectGarbage");
    JsonObject heap = session.send("Runtime.getHeapUsage");
    JsonObject counts = session.send("Memory.getDOMCounters");
    return new Held(
        heap.get("usedSize").getAsDouble(),
        counts.get("nodes").getAsInt(),
        counts.get("jsEventListeners").getAsInt());
  }
}
