package dev.kanal.scheduler.engine.format;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Activates newer formats in the logs of this node's shards, once all live schedulers read them. In
 * a shard whose log is empty that is done at once, since no older scheduler has ever worked there.
 * While all shards have the newest format that this node reads, nobody is asked anything.
 */
public final class FormatWatch {
  static final Duration EVERY = Duration.ofMillis(500);

  /** What was said and has not come about by then is said again: an older scheduler has read it. */
  static final Duration AGAIN = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(FormatWatch.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Map<Integer, ShardStatus> shards;
  private final Schedulers schedulers;
  private final Sink<ToShard> shardLog;
  private final FormatRules rules;
  private final Ticker ticker;
  private final FormatGate gate; // the watch's thread
  private final Map<ShardStatus, Sent> sent = new HashMap<>(); // likewise

  private record Sent(CompletableFuture<Position> position, long nanos) {}

  /** The live schedulers. */
  @FunctionalInterface
  public interface Schedulers {
    /** The instance ids of their members of the engine's group; may block for some seconds. */
    List<Optional<String>> instances()
        throws InterruptedException, ExecutionException, TimeoutException;

    /**
     * As Kafka knows them.
     *
     * @param group of the engine
     */
    static Schedulers of(Admin admin, String group) {
      return () ->
          admin
              .describeConsumerGroups(List.of(group))
              .all()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .values()
              .stream()
              .flatMap(each -> each.members().stream())
              .map(MemberDescription::groupInstanceId)
              .toList();
    }
  }

  /**
   * @param shards of this node, by number
   * @param shardLog must not block
   */
  public FormatWatch(
      Map<Integer, ShardStatus> shards,
      Schedulers schedulers,
      Sink<ToShard> shardLog,
      FormatRules rules,
      Ticker ticker) {
    this.shards = shards;
    this.schedulers = schedulers;
    this.shardLog = shardLog;
    this.rules = rules;
    this.ticker = ticker;
    this.gate = new FormatGate(rules);
  }

  public Housekeeper housekeeper() {
    return new Housekeeper(
        "kanal-log-formats", "see which log formats all schedulers read", EVERY, this::look);
  }

  /** One look, by one thread at a time. */
  void look() throws InterruptedException, ExecutionException, TimeoutException {
    sent.keySet().removeIf(shard -> shards.get(shard.number()) != shard);
    List<ShardStatus> older =
        shards.values().stream()
            .filter(shard -> shard.caughtUp() && shard.logFormat() < rules.reads().number())
            .toList();
    if (older.isEmpty()) {
      return;
    }
    List<Integer> read = schedulers.instances().stream().map(Announcement::of).toList();
    gate.saw(read, ticker.nanos());
    older.stream().filter(ShardStatus::isNew).forEach(shard -> activate(shard, gate.readByAll()));
    List<Integer> used =
        older.stream()
            .filter(shard -> !shard.isNew() && activate(shard, gate.settled()))
            .map(ShardStatus::number)
            .sorted()
            .toList();
    if (!used.isEmpty()) {
      log.info(
          "All schedulers read log format {}: shards {} get it, and a scheduler of an older release"
              + " cannot open them then",
          gate.settled(),
          used);
    }
  }

  /** Says it, unless that is of no use now; returns whether it did. */
  private boolean activate(ShardStatus shard, int format) {
    long now = ticker.nanos();
    Sent before = sent.get(shard);
    boolean again =
        before == null
            || before.position.isCompletedExceptionally()
            || now - before.nanos > AGAIN.toNanos();
    if (format <= shard.logFormat() || !again) {
      return false;
    }
    var entry = new ToShard(shard.number(), new FormatActivated(format));
    sent.put(shard, new Sent(shardLog.send(entry), now));
    return true;
  }
}
