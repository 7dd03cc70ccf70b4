package dev.kanal.scheduler.engine.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.job.RelayDecisions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/** The outbox over a log that fails one send in twenty. */
@Timeout(60)
final class RelayTest {
  private static final int ENTRIES = 100;
  private static final LogEntry ENTRY = new Cancel(JobId.of(2, 1_000, 1), null);

  /** Hazard 8: what a receiver takes is everything, once, in order, whatever fails on the way. */
  @RepeatedTest(5)
  void shouldBringEverythingInOrder_whateverFails(RepetitionInfo repetition) throws Exception {
    FlakyLog log = new FlakyLog(new Random(repetition.getCurrentRepetition()));
    try (Relay relay = new Relay(7, log)) {
      for (int sequence = 1; sequence <= ENTRIES; sequence++) {
        relay.send(2, sequence, ENTRY);
      }
      log.awaitAcknowledged(ENTRIES);
    }
    assertEquals(ENTRIES, log.taken);
    for (int i = 1; i < log.acknowledged.size(); i++) {
      long step = log.acknowledged.get(i) - log.acknowledged.get(i - 1);
      assertTrue(step > 0 && step <= RelayDecisions.DONE_MAX, "a step of " + step);
    }
  }

  /** Takes entries as a shard does: the next of the sender, and no other. */
  private static final class FlakyLog implements Sink<ToShard> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Random random;
    private final List<Long> acknowledged = new ArrayList<>();
    private long taken;

    FlakyLog(Random random) {
      this.random = random;
    }

    @Override
    public CompletableFuture<Position> send(ToShard value) {
      lock.lock();
      try {
        if (random.nextInt(20) == 0) {
          return CompletableFuture.failedFuture(new SendFailedException("planted"));
        }
        if (value.entry() instanceof Relayed relayed && relayed.sequence() == taken + 1) {
          taken++;
        } else if (value.entry() instanceof RelayDone(var to, var upTo)) {
          assertEquals(2, to);
          assertTrue(upTo <= taken, "acknowledged what had not arrived");
          acknowledged.add(upTo);
          changed.signalAll();
        }
        return CompletableFuture.completedFuture(new Position(0, 0, Instant.EPOCH));
      } finally {
        lock.unlock();
      }
    }

    void awaitAcknowledged(long sequence) throws InterruptedException {
      lock.lock();
      try {
        while (acknowledged.isEmpty() || acknowledged.getLast() < sequence) {
          assertTrue(changed.await(30, TimeUnit.SECONDS), "acknowledged in time");
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {}
  }
}
