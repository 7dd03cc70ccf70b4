package dev.kanal.worker.lane;

import dev.kanal.common.channel.Delivery;
import dev.kanal.common.channel.Delivery.Content;
import dev.kanal.common.channel.Received;
import dev.kanal.common.channel.Settlement;
import dev.kanal.common.channel.Source;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.worker.pool.Slots;
import dev.kanal.worker.pool.Slots.Release;
import dev.kanal.worker.report.Unread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a lane in its share group. Belongs to the lane's thread; other threads only pass in
 * what has become known.
 */
final class LaneSession implements LaneTask.Owner {
  /** Without a task for this long, a lane is idle. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long IDLE_YIELD_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * Two heartbeats of a share group. The partitions of a lane that leaves go to other lanes, which
   * learn of it with their next heartbeat, up to five seconds later, and nobody reads them until
   * then. Lanes that leave more often than that can pass a partition around among themselves, and
   * its tasks wait all the while.
   */
  private static final long RESIZE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int FULL_BATCHES_TO_GROW = 2;
  private static final long LAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration WAKE_CHECK = Duration.ofMillis(20);
  private static final long AWAY_LOOK_MS = 100;

  private final LaneParts parts;
  private final LaneState state;
  private final Slots slots;
  private final Source<Task> source;
  private final Set<String> own;
  private final int size;
  private final LaneStop stop;
  private final Ticker ticker;
  private final long openedNanos;
  private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final List<LaneTask> batch = new ArrayList<>();

  /** Suspects that wait for their turn. */
  private final List<LaneTask> waiting = new ArrayList<>();

  private long polledNanos;
  private long staleUntilNanos;
  private boolean stale;
  private long busyNanos;
  private int fullBatches;
  private int pending;

  /**
   * A session that the lane has opened.
   *
   * @param own topics of single types that it also reads
   * @param size the largest batch, in records
   */
  record Opened(Source<Task> source, Set<String> own, int size) {}

  LaneSession(LaneParts parts, LaneState state, Opened opened) {
    this.parts = parts;
    this.state = state;
    this.slots = state.slots();
    this.source = opened.source;
    this.own = opened.own;
    this.size = opened.size;
    this.stop = state.stop();
    this.ticker = parts.clocks().ticker();
    this.openedNanos = ticker.nanos();
    this.busyNanos = openedNanos;
    this.polledNanos = openedNanos;
    this.staleUntilNanos = openedNanos;
  }

  /**
   * Takes tasks until the lane stops, slots become scarce or Kafka accepts no outcomes. While Kafka
   * is out of reach it stays, without asking for tasks: the client of a member that cannot find its
   * group's coordinator does not wait between its attempts, and keeps a core busy; and a member
   * that leaves then cannot report it, and keeps its partitions from others until its session ends.
   *
   * @return why the channel closed, if it did
   */
  Received.@Nullable Closed<Task> run() throws InterruptedException {
    Slots.@Nullable Reservation reserved = null;
    try {
      while (!stop.stopping()) {
        if (parts.kafkaAway().getAsBoolean()) {
          stop.pause(AWAY_LOOK_MS);
          continue;
        }
        if (shouldReopen() || parts.stalled()) {
          return null;
        }
        if (reserved == null) {
          reserved =
              slots.reserve(size, state.channel().priority(), parts.settings().slotPatience());
          if (reserved == null) {
            return null;
          }
        }
        switch (receive()) {
          case Received.Closed<Task> closed -> {
            return closed;
          }
          case Received.Batch<Task>(var deliveries) when deliveries.isEmpty() -> fullBatches = 0;
          case Received.Batch<Task>(var deliveries) -> {
            if (stop.stopping()) {
              // What came into the last wait goes back, untouched, when the source closes.
              return null;
            }
            process(deliveries, reserved);
            reserved = null;
          }
        }
      }
      return null;
    } finally {
      if (reserved != null) {
        reserved.close();
      }
    }
  }

  /**
   * What was fetched before a long pause may have been locked to this lane in vain. The pause may
   * fall into the wait for records, where an idle worker spends most of its time, and records that
   * came meanwhile are handed out some waits later.
   */
  private Received<Task> receive() {
    Hop.note(Hop.Place.ASKING);
    Received<Task> received = source.receive(parts.settings().poll());
    long now = ticker.nanos();
    long pause = parts.settings().staleAfter().toNanos();
    if (now - polledNanos > pause) {
      staleUntilNanos = now + pause;
    }
    stale = now - staleUntilNanos < 0;
    polledNanos = now;
    return received;
  }

  /**
   * Interrupts what still runs unleased, and waits a moment for Kafka to accept the other outcomes;
   * the records of the former are given back when the source closes.
   */
  void abandon() throws InterruptedException {
    long givenBack = batch.stream().filter(LaneTask::giveBack).count();
    batch.clear();
    waiting.clear();
    long until = ticker.nanos() + LAST_WAIT_NANOS;
    while (pending > givenBack && ticker.nanos() - until < 0) {
      runInbox(WAKE_CHECK.toNanos());
    }
  }

  private boolean shouldReopen() {
    long now = ticker.nanos();
    long idle = now - busyNanos;
    if (stop.renewing()) {
      return true;
    }
    boolean wanted = slots.wanted();
    if (wanted && (idle > IDLE_YIELD_NANOS || (size > 1 && idle > IDLE_NANOS))) {
      return true;
    }
    if (!own.equals(parts.ownTopics().of(state.channel()))) {
      return true;
    }
    if (now - openedNanos < RESIZE_EVERY_NANOS) {
      return false;
    }
    LaneSize right = state.rightSize();
    if (right.isFarBelow(size)) {
      // An idle lane keeps nobody from anything, and to join again costs as much as many tasks.
      return idle < IDLE_NANOS || size > right.all();
    }
    boolean hasRoom = slots.free() >= size;
    return right.isFarAbove(size) && hasRoom && fullBatches >= FULL_BATCHES_TO_GROW;
  }

  private void process(List<Delivery<Task>> deliveries, Slots.Reservation reserved)
      throws InterruptedException {
    Instant startedAt = parts.clocks().wall().instant();
    long begun = ticker.nanos();
    pending = deliveries.size();
    parts.arrivals().add(state.channel(), pending);
    fullBatches = pending >= size ? fullBatches + 1 : 0;
    slots.received(age(deliveries, startedAt), pending >= size);
    try (reserved) {
      deliveries.forEach(delivery -> take(delivery, reserved, startedAt));
    }
    settleAll(startedAt, begun, deliveries.size());
    if (pending == 0) {
      batch.clear();
    }
    busyNanos = ticker.nanos();
  }

  /** How long ago the oldest of them was sent. */
  private static Duration age(List<Delivery<Task>> deliveries, Instant now) {
    Instant oldest = now;
    for (Delivery<Task> delivery : deliveries) {
      Instant sent = delivery.appendedAt();
      oldest = sent.isBefore(oldest) ? sent : oldest;
    }
    return Duration.between(oldest, now);
  }

  private void take(Delivery<Task> delivery, Slots.Reservation reserved, Instant now) {
    Slots.Slot slot = reserved.take();
    switch (delivery.content()) {
      case Content.Unreadable<Task>(var why) -> {
        slot.release(Release.UNREADABLE);
        var unread = new Unread(delivery.record(), why);
        settleWhen(parts.reporter().unreadable(unread), delivery, Settlement.REJECT);
      }
      case Content.Value<Task>(var task) -> {
        Hop.note(Hop.Place.FETCHED, task.job());
        LaneTask laneTask = new LaneTask(parts, task, delivery, slot, this);
        CompletableFuture<Void> earlier =
            parts.recent().take(task.job(), task.dispatch(), laneTask.known());
        if (earlier == null) {
          batch.add(laneTask);
          begin(laneTask, now);
        } else {
          slot.release(Release.COPY);
          settleWhen(earlier, delivery, Settlement.ACCEPT);
        }
      }
    }
  }

  /** The task is registered for cancels before the check whether there was one. */
  private void begin(LaneTask laneTask, Instant now) {
    Task task = laneTask.task();
    parts.runs().add(laneTask);
    if (parts.cancels().contains(task.job(), task.dispatch())) {
      laneTask.cancel();
    } else if (!mustAsk(task, laneTask.delivery())) {
      laneTask.start(now);
    } else if (task.suspicion() != Suspicion.ALONE || parts.runs().takeTurn(laneTask)) {
      laneTask.ask();
    } else {
      waiting.add(laneTask);
    }
  }

  private boolean mustAsk(Task task, Delivery<Task> delivery) {
    var rule = new AskRule(parts.cancels(), parts.settings().askAboutOld());
    boolean behind = parts.arrivals().isBehind(delivery.record());
    return rule.mustAsk(task, delivery, stale || behind);
  }

  @Override
  public boolean stopping() {
    return stop.stopping();
  }

  @Override
  public void known(LaneTask task) {
    inbox.add(
        () -> {
          if (task.settleOnce()) {
            settle(task.delivery(), Settlement.ACCEPT);
          }
        });
  }

  private void settleWhen(
      CompletableFuture<Void> known, Delivery<Task> delivery, Settlement settlement) {
    var _ =
        known.whenComplete(
            (_, givenBack) ->
                inbox.add(
                    () -> settle(delivery, givenBack == null ? settlement : Settlement.RELEASE)));
  }

  private void settle(Delivery<Task> delivery, Settlement settlement) {
    source.settle(delivery, settlement);
    pending--;
  }

  /** Waits until every record of the batch is settled, or the worker wants them back. */
  private void settleAll(Instant startedAt, long begun, int records) throws InterruptedException {
    int leased = 0;
    boolean handedOff = false;
    while (pending > 0 && !stop.givingBack()) {
      long past = ticker.nanos() - begun;
      long wait = state.handOff().waitNanos(pending, records) - past;
      if (!handedOff && wait <= 0) {
        batch.forEach(task -> task.lease(startedAt));
        leased = pending;
        handedOff = true;
      }
      int before = pending;
      runInbox(handedOff ? WAKE_CHECK.toNanos() : Math.min(wait, WAKE_CHECK.toNanos()));
      if (!handedOff && pending < before) {
        state.handOff().settled(ticker.nanos() - begun);
      }
      if (!waiting.isEmpty()) {
        askForSuspects(past > parts.settings().turnPatience().toNanos());
      }
    }
    state.handOff().over(leased, records);
  }

  /**
   * Suspects whose turn does not come in time ask nevertheless, and return the task to the engine
   * when it is granted: released to the broker, the record would come again at once, and after ten
   * times be dropped in silence.
   */
  private void askForSuspects(boolean all) {
    if (stop.stopping()) {
      waiting.stream()
          .filter(LaneTask::giveBack)
          .forEach(task -> settle(task.delivery(), Settlement.RELEASE));
    }
    waiting.stream()
        .filter(LaneTask::isWaiting)
        .filter(task -> all || parts.runs().takeTurn(task))
        .forEach(LaneTask::ask);
    waiting.removeIf(task -> !task.isWaiting());
  }

  private void runInbox(long patienceNanos) throws InterruptedException {
    @Nullable Runnable next = inbox.poll(patienceNanos, TimeUnit.NANOSECONDS);
    while (next != null) {
      next.run();
      next = inbox.poll();
    }
  }
}
