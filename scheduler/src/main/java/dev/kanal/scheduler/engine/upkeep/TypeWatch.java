package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells this node's shards which types the live workers of a queue run, whenever what a shard knows
 * differs. A shard hears only of queues whose workers differ in their types, or lack one of a
 * job's; of all others it knows nothing, and holds nothing back. And it hears once at first, so
 * that it decides by today's rules: but not before a worker of this release is there.
 */
public final class TypeWatch {
  static final long EVERY_MS = 250;

  /** A gap between looks that is longer counts as one in which Kafka was away. */
  static final Duration GAP = Duration.ofSeconds(5);

  private final Map<Integer, ShardStatus> shards;
  private final KnownWorkers workers;
  private final Sink<ToShard> shardLog;
  private final Ticker ticker;
  private final BooleanSupplier away;
  private @Nullable Long lookedNanos; // the watch's thread
  private final TypeMemory memory = new TypeMemory(); // the watch's thread
  private final Map<Place, CompletableFuture<Position>> sent = new HashMap<>(); // likewise

  private record Place(ShardStatus shard, String queue) {}

  /**
   * @param shardLog must not block
   * @param away whether Kafka is: nothing is heard of workers then
   */
  public TypeWatch(
      Map<Integer, ShardStatus> shards,
      KnownWorkers workers,
      Sink<ToShard> shardLog,
      Ticker ticker,
      BooleanSupplier away) {
    this.shards = shards;
    this.workers = workers;
    this.shardLog = shardLog;
    this.ticker = ticker;
    this.away = away;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper(
        "kanal-type-watch",
        "compare what workers run with what shards know",
        Duration.ofMillis(EVERY_MS),
        this::look);
  }

  /** One look, by one thread at a time. */
  void look() {
    if (!workers.isComplete() || away.getAsBoolean()) {
      return;
    }
    long nowNanos = ticker.nanos();
    if (lookedNanos != null && nowNanos - lookedNanos > GAP.toNanos()) {
      memory.pause(nowNanos - lookedNanos);
    }
    lookedNanos = nowNanos;
    List<WorkerReport> live = workers.live();
    Map<String, TypeCoverage> coverages = new HashMap<>();
    Set<String> watched = new HashSet<>();
    for (ShardStatus shard : shards.values()) {
      if (shard.caughtUp()) {
        boolean first = !shard.knowsTypes();
        for (String queue : shard.readyQueues()) {
          TypeCoverage now = coverages.computeIfAbsent(queue, name -> TypeCoverage.of(name, live));
          List<String> known = shard.handledTypes(queue);
          if (known != null
              || now.mixed()
              || shard.hasUnhandled(queue)
              || (first && now.sayTypes())) {
            first = false;
            watched.add(queue);
            look(new Place(shard, queue), now, known);
          }
        }
      }
    }
    memory.retain(watched);
    sent.keySet().removeIf(place -> shards.get(place.shard.number()) != place.shard);
  }

  private void look(Place place, TypeCoverage now, @Nullable List<String> known) {
    CompletableFuture<Position> before = sent.get(place);
    if (before != null && !isRead(before, place.shard)) {
      return;
    }
    List<String> next = memory.next(place.queue, now, known, ticker.nanos());
    if (!Objects.equals(next, known)) {
      var entry = new TypesHandled(place.queue, next);
      sent.put(place, shardLog.send(new ToShard(place.shard.number(), entry)));
    }
  }

  /** What was said before is said again only if it did not get to the log. */
  private static boolean isRead(CompletableFuture<Position> sent, ShardStatus shard) {
    return sent.isDone()
        && (sent.isCompletedExceptionally() || sent.join().offset() <= shard.applied());
  }
}
