package dev.kanal.check.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
  @Test
  void shouldTellTheTimeThatAShareOfTheCallsDidNotExceed() {
    Latencies latencies = new Latencies(100);
    for (int i = 100; i >= 1; i--) {
      latencies.add(i);
    }

    assertEquals(50, latencies.percentile(0.5));
    assertEquals(99, latencies.percentile(0.99));
    assertEquals(100, latencies.percentile(1));
  }

  @Test
  void shouldTellZero_whenThereWasNoCall() {
    assertEquals(0, new Latencies(10).percentile(0.99));
  }
}
