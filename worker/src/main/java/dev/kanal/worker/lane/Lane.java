package dev.kanal.worker.lane;

import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Received;
import dev.kanal.common.channel.Source;
import dev.kanal.common.task.Task;
import dev.kanal.worker.pool.Slots;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes tasks of one channel for as long as the worker lives: joins the share group, stays for a
 * {@link LaneSession}, and joins again after it ended for whatever reason. No fault ends the lane;
 * the same fault is logged once until something works again.
 */
final class Lane implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Lane.class);
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 10_000;
  private static final long CHECK_MS = 200;

  private final LaneParts parts;
  private final LaneState state;
  private final LaneStop stop;

  /** Lane's thread: what went wrong last. */
  private @Nullable String fault;

  /** Lane's thread. */
  private long pauseMs = FIRST_PAUSE_MS;

  Lane(LaneParts parts, Channel channel, LaneStop stop) {
    this.parts = parts;
    this.stop = stop;
    this.state =
        new LaneState(
            channel,
            parts.pool().of(channel.queue()),
            new HandOff(parts.settings().handOff()),
            stop);
  }

  @Override
  public void run() {
    try {
      while (!stop.stopping()) {
        stay();
      }
    } catch (InterruptedException e) {
      log.debug("Lane {} was interrupted", state.channel());
      Thread.currentThread().interrupt();
    } finally {
      stop.left();
    }
  }

  private void stay() throws InterruptedException {
    stop.left();
    try {
      if (parts.stalled()) {
        stop.pause(CHECK_MS);
        return;
      }
      int size = state.rightSize().toOpen(state.slots().free());
      if (!hasRoom(size)) {
        return;
      }
      note(visit(size));
    } catch (RuntimeException | Error e) {
      note(e);
    }
  }

  /** Waits outside of the share group for room, so that no record is locked meanwhile. */
  private boolean hasRoom(int size) throws InterruptedException {
    Slots.Reservation reserved =
        state.slots().reserve(size, state.channel().priority(), Duration.ofMillis(CHECK_MS));
    if (reserved == null) {
      return false;
    }
    reserved.close();
    return true;
  }

  /** One stay in the share group; returns the fault that ended it, if one did. */
  private @Nullable Exception visit(int size) throws InterruptedException {
    stop.awaitOthers();
    if (stop.stopping()) {
      return null;
    }
    Set<String> own = parts.ownTopics().of(state.channel());
    try (Source<Task> source = parts.sources().open(state.channel(), own, size)) {
      LaneSession session =
          new LaneSession(parts, state, new LaneSession.Opened(source, own, size));
      try {
        Received.@Nullable Closed<Task> closed = session.run();
        return closed == null ? null : closed.error();
      } finally {
        session.abandon();
      }
    }
  }

  private void note(@Nullable Throwable problem) throws InterruptedException {
    if (problem == null) {
      fault = null;
      pauseMs = FIRST_PAUSE_MS;
      return;
    }
    String now = problem.toString();
    if (!now.equals(fault)) {
      Refusal.in(problem, List.of())
          .ifPresentOrElse(
              refusal -> log.error("Lane {} tries again and again: {}", state.channel(), refusal),
              () ->
                  log.warn(
                      "Lane {} failed and will try again until it works",
                      state.channel(),
                      problem));
      fault = now;
    }
    stop.pause(pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
