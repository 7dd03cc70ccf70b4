package dev.kanal.worker.lane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells a lane to stop, in two steps, or to join anew. Usable from any thread. */
final class LaneStop {
  /** A lane that does not come to an end does not keep the others out for longer. */
  private static final Duration OTHERS = Duration.ofSeconds(1);

  private final Duration others;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicReference<@Nullable Renewal> renewal = new AtomicReference<>();
  private volatile boolean givingBack;

  /** That lanes join their group anew together. */
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

  /** What is not leased yet goes back to the channel, now. */
  void giveBack() {
    givingBack = true;
    stop();
  }

  /**
   * The lane is to join its share group anew, once it has settled what it has, and none of the
   * others that are to is a member any more. Who joins first is then given all that nobody reads,
   * and reads it until it hears of the others with its next heartbeat; while others leave after it,
   * it is given theirs and hears of that no sooner.
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

  /** Waits, at most until the lane is to stop. */
  void pause(long millis) throws InterruptedException {
    var _ = stopping.await(millis, TimeUnit.MILLISECONDS);
  }
}
