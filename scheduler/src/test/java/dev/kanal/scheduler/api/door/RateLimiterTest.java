package dev.kanal.scheduler.api.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
  private long now = 5;
  private final RateLimiter limiter = new RateLimiter(2, Duration.ofSeconds(10), () -> now);

  @Test
  void aBucketFillsEvenly() {
    assertEquals(new RateLimiter.Verdict(true, 1, 5, 0), limiter.take("a"));
    assertEquals(new RateLimiter.Verdict(true, 0, 10, 5), limiter.take("a"));
    assertEquals(new RateLimiter.Verdict(false, 0, 10, 5), limiter.take("a"));

    now += Duration.ofSeconds(4).toNanos();
    assertFalse(limiter.take("a").allowed());
    now += Duration.ofSeconds(1).toNanos();
    assertTrue(limiter.take("a").allowed());
    now += Duration.ofDays(1).toNanos();
    assertEquals(1, limiter.take("a").remaining());
  }

  @Test
  void clientsDoNotShare() {
    assertTrue(limiter.take("a").allowed());
    assertTrue(limiter.take("a").allowed());
    assertTrue(limiter.take("b").allowed());
  }

  @Test
  void theClientThatWasSilentLongestIsForgotten() {
    for (int i = 0; i <= RateLimiter.CLIENTS_MAX; i++) {
      limiter.take("client " + i);
      limiter.take("steady");
    }

    assertEquals(RateLimiter.CLIENTS_MAX, limiter.clients());
    assertFalse(limiter.take("steady").allowed(), "remembered");
  }
}
