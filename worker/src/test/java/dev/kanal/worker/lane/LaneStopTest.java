package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LaneStopTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final LaneStop first = new LaneStop(FOR_EVER);
  private final LaneStop second = new LaneStop(FOR_EVER);

  /** A lane that joins while others are still to leave does not learn what they leave behind. */
  @Test
  void shouldJoin_whenNoneOfThoseThatJoinAnewIsAMember() throws InterruptedException {
    CountDownLatch members = new CountDownLatch(2);
    first.renew(members);
    second.renew(members);
    CountDownLatch joined = new CountDownLatch(1);
    Thread lane =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    first.left();
                    first.left();
                    first.awaitOthers();
                    joined.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    assertFalse(joined.await(300, TimeUnit.MILLISECONDS));
    second.left();

    assertTrue(joined.await(10, TimeUnit.SECONDS));
    lane.join();
    assertFalse(first.renewing());
    assertTrue(second.renewing());
    second.awaitOthers();
    assertFalse(second.renewing());
  }

  @Test
  void shouldJoinAllTheSame_whenAnotherDoesNotLeave() throws InterruptedException {
    LaneStop hasty = new LaneStop(Duration.ofMillis(10));
    CountDownLatch members = new CountDownLatch(2);
    hasty.renew(members);
    second.renew(members);

    hasty.awaitOthers();

    assertFalse(hasty.renewing());
  }

  @Test
  void shouldKeepNobodyOut_whenItIsToJoinAnewOnceMore() throws InterruptedException {
    CountDownLatch members = new CountDownLatch(2);
    first.renew(members);
    second.renew(members);

    second.renew(new CountDownLatch(1));
    first.awaitOthers();

    assertFalse(first.renewing());
    assertTrue(second.renewing());
  }
}
