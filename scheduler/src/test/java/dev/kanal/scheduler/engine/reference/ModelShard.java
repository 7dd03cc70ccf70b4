package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.shard.EffectSink;
import dev.kanal.scheduler.engine.shard.Shard;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One shard with its log, as its node sees it: rows count once they are committed, and a crash
 * takes it back to that. What it decides again must be what it decided before.
 */
final class ModelShard {
  final int number;
  private final Decider decider;
  private final Listener listener;
  private final List<Logged> log = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private @Nullable List<Logged> kept;
  private ModelStore store = new ModelStore();
  private ModelStore committed = new ModelStore();
  private Shard shard;
  private long nextOffset;
  private int applied;

  ModelShard(int number, Decider decider, Listener listener) {
    this.number = number;
    this.decider = decider;
    this.listener = listener;
    this.shard = open(store, effects);
  }

  ModelStore store() {
    return store;
  }

  void append(LogEntry entry, long timeMs) {
    Logged record = new Logged(nextOffset++, timeMs, entry, LogCodec.encode(entry));
    log.add(record);
    if (kept != null) {
      kept.add(record);
    }
  }

  /** From now on what is appended is kept, with what was appended since the last commit. */
  List<Logged> keepLog() {
    kept = new ArrayList<>(log);
    return kept;
  }

  boolean isBehind() {
    return applied < log.size();
  }

  long nextTickMs() {
    return shard.nextTickMs();
  }

  /** Reads the next record. */
  void applyNext() {
    Logged next = log.get(applied++);
    int before = effects.size();
    shard.apply(next.bytes, next.offset, next.timeMs);
    var changed = store.takeChangedJobs();
    List<Effect> fresh = List.copyOf(effects.subList(before, effects.size()));
    listener.applied(new Applied(this, next.entry, next.offset, next.timeMs, changed, fresh));
  }

  void commit() {
    committed = store.copy();
    log.subList(0, applied).clear();
    applied = 0;
    effects.clear();
  }

  /**
   * Decides again what was decided since the last commit, as after a crash; one record is read
   * twice. Goes on with the copy. Returns what was decided.
   */
  List<Effect> crash(int twice) {
    ModelStore copy = committed.copy();
    List<Effect> again = new ArrayList<>();
    Shard reopened = open(copy, again);
    for (int i = 0; i < applied; i++) {
      Logged record = log.get(i);
      reopened.apply(record.bytes, record.offset, record.timeMs);
      if (i == twice) {
        reopened.apply(record.bytes, record.offset, record.timeMs);
      }
    }
    assertNull(copy.difference(store), "a row that a replay makes otherwise");
    assertEquals(effects, again, "the effects of a replay");
    var _ = copy.takeChangedJobs();
    List<Effect> all = List.copyOf(again);
    effects.clear();
    store = copy;
    shard = open(store, effects);
    commit();
    return all;
  }

  private Shard open(ModelStore rows, List<Effect> into) {
    Shards homes = new Shards(ModelWorld.SHARDS);
    return new Shard(
        number, rows, new Recorder(into), new Shard.Deciding(decider, EngineRules.DEFAULT, homes));
  }

  /** Takes each record once it was applied. */
  interface Listener {
    void applied(Applied applied);
  }

  /**
   * A record that was applied.
   *
   * @param changed the jobs whose rows it wrote, with their rows before
   */
  record Applied(
      ModelShard shard,
      LogEntry entry,
      long offset,
      long timeMs,
      Map<Bytes, byte @Nullable []> changed,
      List<Effect> effects) {}

  /** A record of its log. */
  static final class Logged {
    final long offset;
    final long timeMs;
    private final LogEntry entry;
    final byte[] bytes;

    Logged(long offset, long timeMs, LogEntry entry, byte[] bytes) {
      this.offset = offset;
      this.timeMs = timeMs;
      this.entry = entry;
      this.bytes = bytes;
    }
  }

  private record Recorder(List<Effect> into) implements EffectSink {
    @Override
    public void accept(Effect effect) {
      into.add(effect);
    }

    @Override
    public void quarantine(byte[] record, String why) {
      throw new AssertionError("Expected nothing in quarantine, but got: " + why);
    }
  }
}
