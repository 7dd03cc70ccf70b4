package dev.kanal.scheduler.engine.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.shard.MapStore;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** When a node activates a format in the logs of its shards. */
final class FormatWatchTest {
  private static final FormatRules RULES = new FormatRules(LogFormat.FLOWS, Duration.ofSeconds(60));
  private static final Optional<String> OLD = Optional.of("old-1");
  private static final Optional<String> NEW = Optional.of("new.reads-2-1");

  private final Map<Integer, ShardStatus> shards = new ConcurrentHashMap<>();
  private final List<ToShard> sent = new ArrayList<>();
  private List<Optional<String>> schedulers = List.of(NEW);
  private boolean away;
  private boolean refusing;
  private int asked;
  private long nanos;
  private final FormatWatch watch =
      new FormatWatch(shards, this::instances, new Log(), RULES, () -> nanos);

  @Test
  void shouldActivateOnceInEachShard_whenTheOlderSchedulersHaveGone() throws Exception {
    worked(3);
    worked(5);
    schedulers = List.of(NEW, OLD);
    look(100);
    assertEquals(List.of(), sent);

    schedulers = List.of(NEW, NEW);
    look(60);
    assertEquals(List.of(), sent);
    look(2);
    FormatActivated flows = new FormatActivated(LogFormat.FLOWS.number());
    assertEquals(Set.of(new ToShard(3, flows), new ToShard(5, flows)), Set.copyOf(sent));
    assertEquals(2, sent.size());
  }

  @Test
  void shouldActivateAtOnce_whenNothingHasEverStoodInTheLog() throws Exception {
    shards.put(1, new ShardStatus(1, new MapStore(), Set.of(), 0, -1));
    worked(3);
    schedulers = List.of(NEW, OLD);
    look(1);
    assertEquals(List.of(), sent);
    schedulers = List.of(NEW);
    look(1);
    assertEquals(List.of(1), sent.stream().map(ToShard::shard).toList());
  }

  @Test
  void shouldAskNobody_whileAllShardsHaveTheFormat() throws Exception {
    worked(3).logFormat(LogFormat.FLOWS::number);
    look(100);
    assertEquals(0, asked);
    assertEquals(List.of(), sent);
  }

  @Test
  void shouldWaitForAShardThatIsBehind() throws Exception {
    shards.put(4, new ShardStatus(4, new MapStore(), Set.of(), 100, 20));
    look(100);
    assertEquals(List.of(), sent);
  }

  @Test
  void shouldSayItAgain_whenItWasLostOrReadByAnOlderScheduler() throws Exception {
    refusing = true;
    worked(3);
    look(62);
    assertEquals(2, sent.size());
    refusing = false;
    look(1);
    assertEquals(3, sent.size());
    look(10);
    assertEquals(3, sent.size());
    look(1);
    assertEquals(4, sent.size());
  }

  @Test
  void shouldBeginAnew_whenASchedulerCannotBeSeen() throws Exception {
    worked(3);
    look(55);
    away = true;
    for (int second = 0; second < 6; second++) {
      assertThrows(TimeoutException.class, () -> look(1));
    }
    away = false;
    look(60);
    assertEquals(List.of(), sent);
    look(1);
    assertEquals(1, sent.size());
  }

  /** A shard that older schedulers may have worked in. */
  private ShardStatus worked(int number) {
    ShardStatus shard = new ShardStatus(number, new MapStore(), Set.of(), 100, 99);
    shards.put(number, shard);
    return shard;
  }

  /** So many looks, one a second. */
  private void look(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      nanos += Duration.ofSeconds(1).toNanos();
      watch.look();
    }
  }

  private List<Optional<String>> instances() throws TimeoutException {
    asked++;
    if (away) {
      throw new TimeoutException("away");
    }
    return schedulers;
  }

  private final class Log implements Sink<ToShard> {
    @Override
    public CompletableFuture<Position> send(ToShard value) {
      sent.add(value);
      return refusing
          ? CompletableFuture.failedFuture(new IllegalStateException("refused"))
          : CompletableFuture.completedFuture(new Position(value.shard(), 100, Instant.EPOCH));
    }

    @Override
    public void close() {}
  }
}
