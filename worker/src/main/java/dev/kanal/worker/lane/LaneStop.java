package dev.kanal.worker.lane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks a lane to stop, in two steps, or to join again. Usable from any thread. */
final class LaneStop {
  /** The longest time that a lane which does not come to an end keeps the others out. */
  private static final Duration OTHERS = Duration.ofSeconds(1);

  private final Duration others;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicReference<@Nullable Renewal> renewal = new AtomicReference<>();
  private volatile boolean givingBack;

  /** Lanes that join their group again together. */
  private record Renewal(CountDownLatch members, AtomicBoolean hasLeft) {
    void left() {
      if (hasLeft.compareAndSet(false, true)) {
        members.countDown();
      }
    }
  }

  LaneStop() {
    this(OTHERS);
  }

  /**
   * @param others how long to wait for other lanes to leave
   */
  LaneStop(Duration others) {
    this.others = others;
  }

  /** No more tasks. */
  void stop() {
    stopping.countDown();
  }

  /** Tasks that are not leased yet go back to the channel, now. */
  void giveBack() {
    givingBack = true;
    stop();
  }

  /**
   * The lane is to join its share group again, once it has settled what it has and none of the
   * others that are to do so is a member any more. The first to join is then assigned all
   * partitions that nobody reads, and reads them until it hears of the others with its next
   * heartbeat. If others left only after it joined, it would be assigned theirs, but learn of that
   * no sooner than with its next heartbeat.
   *
   * @param members counts those of the lanes that have not left
   */
  void renew(CountDownLatch members) {
    Renewal before = renewal.getAndSet(new Renewal(members, new AtomicBoolean()));
    if (before != null) {
      before.left();
    }
  }

  /** The lane is no member now. */
  void left() {
    Renewal mine = renewal.get();
    if (mine != null) {
      mine.left();
    }
  }

  /** Returns when the lane may join, which it does then. */
  void awaitOthers() throws InterruptedException {
    Renewal mine = renewal.get();
    if (mine != null) {
      mine.left();
      var _ = mine.members.await(others.toMillis(), TimeUnit.MILLISECONDS);
      renewal.compareAndSet(mine, null);
    }
  }

  boolean renewing() {
    return renewal.get() != null;
  }

  boolean stopping() {
    return stopping.getCount() == 0;
  }

  boolean givingBack() {
    return givingBack;
  }

  /** Waits, but no longer than until the lane is to stop. */
  void pause(long millis) throws InterruptedException {
    var _ = stopping.await(millis, TimeUnit.MILLISECONDS);
  }
}
