package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LaneStopTest {
  private final LaneStop first = new LaneStop();
  private final LaneStop second = new LaneStop();

  /** Who joins while others are still to leave is not told what they leave behind. */
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
    CountDownLatch members = new CountDownLatch(2);
    first.renew(members);
    second.renew(members);

    first.left();
    first.awaitOthers();

    assertFalse(first.renewing());
  }
}
