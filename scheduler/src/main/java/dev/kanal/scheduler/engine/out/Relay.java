package dev.kanal.scheduler.engine.out;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.job.RelayDecisions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings one shard's outbox to the logs of other shards. What Kafka did not take is sent again with
 * all that came after it, since a receiver takes entries in their order only. What has arrived is
 * acknowledged in the shard's own log. Usable from any thread; never blocks if the sink does not.
 */
public final class Relay implements AutoCloseable {
  private final int from;
  private final Sink<ToShard> shardLog;
  private final Resend again = new Resend(Duration.ofMillis(300));
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Integer, Line> lines = new HashMap<>();

  /**
   * @param from the shard whose outbox it is
   */
  public Relay(int from, Sink<ToShard> shardLog) {
    this.from = from;
    this.shardLog = shardLog;
  }

  /** Takes the next entry for a shard. */
  public void send(int to, long sequence, LogEntry entry) {
    lock.lock();
    try {
      Line line = lines.computeIfAbsent(to, shard -> new Line(shard, sequence - 1));
      Item item = new Item(sequence, entry);
      line.items.addLast(item);
      if (!line.broken) {
        send(line, item);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      again.close();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void send(Line line, Item item) {
    int round = line.round;
    var _ =
        shardLog
            .send(new ToShard(line.to, new Relayed(from, item.sequence, item.entry)))
            .whenComplete((_, failure) -> sent(line, item, round, failure == null));
  }

  private void sent(Line line, Item item, int round, boolean arrived) {
    lock.lock();
    try {
      if (again.isClosed() || round != line.round) {
        return;
      }
      if (arrived) {
        item.arrived = true;
        while (!line.items.isEmpty() && line.items.getFirst().arrived) {
          line.done = line.items.removeFirst().sequence;
        }
        acknowledge(line);
      } else if (!line.broken) {
        line.broken = true;
        again.later(() -> sendAll(line));
      }
    } finally {
      lock.unlock();
    }
  }

  private void sendAll(Line line) {
    lock.lock();
    try {
      line.round++;
      line.broken = false;
      List<Item> all = new ArrayList<>(line.items);
      all.forEach(item -> item.arrived = false);
      for (Item item : all) {
        if (line.broken) {
          return;
        }
        send(line, item);
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void acknowledge(Line line) {
    if (again.isClosed() || line.acknowledging || line.done <= line.acknowledged) {
      return;
    }
    line.acknowledging = true;
    long upTo = Math.min(line.done, line.acknowledged + RelayDecisions.DONE_MAX);
    var _ =
        shardLog
            .send(new ToShard(from, new RelayDone(line.to, upTo)))
            .whenComplete((_, failure) -> acknowledged(line, upTo, failure == null));
  }

  private void acknowledged(Line line, long upTo, boolean taken) {
    lock.lock();
    try {
      line.acknowledging = false;
      if (taken) {
        line.acknowledged = upTo;
        acknowledge(line);
      } else {
        again.later(() -> acknowledgeAgain(line));
      }
    } finally {
      lock.unlock();
    }
  }

  private void acknowledgeAgain(Line line) {
    lock.lock();
    try {
      acknowledge(line);
    } finally {
      lock.unlock();
    }
  }

  /** What is on its way to one shard. Guarded by the relay's lock. */
  private static final class Line {
    private final int to;
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private long done;
    private long acknowledged;
    private boolean acknowledging;
    private boolean broken;
    private int round;

    Line(int to, long acknowledged) {
      this.to = to;
      this.acknowledged = acknowledged;
      this.done = acknowledged;
    }
  }

  private static final class Item {
    private final long sequence;
    private final LogEntry entry;
    private boolean arrived;

    Item(long sequence, LogEntry entry) {
      this.sequence = sequence;
      this.entry = entry;
    }
  }
}
