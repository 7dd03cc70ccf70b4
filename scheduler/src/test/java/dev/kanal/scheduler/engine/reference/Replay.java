package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.EffectSink;
import dev.kanal.scheduler.engine.shard.Shard;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;

/** A shard of the code of today that goes on from rows, and reads records. */
final class Replay {
  private final ModelStore store = new ModelStore();
  private final List<Effect> effects = new ArrayList<>();
  private final Shard shard;

  Replay(int number, Map<Bytes, Bytes> rows) {
    rows.forEach((key, value) -> store.put(key, value.get()));
    shard =
        new Shard(
            number,
            store,
            new EffectSink() {
              @Override
              public void accept(Effect effect) {
                effects.add(effect);
              }

              @Override
              public void quarantine(byte[] record, String why) {
                throw new AssertionError("Expected nothing in quarantine, but got: " + why);
              }
            },
            new Shard.Deciding(
                new Decisions(EngineRules.DEFAULT, new Shards(ModelWorld.SHARDS)),
                EngineRules.DEFAULT,
                new Shards(ModelWorld.SHARDS)));
  }

  void apply(List<Release.LogLine> records) {
    for (Release.LogLine record : records) {
      shard.apply(record.bytes().get(), record.offset(), record.timeMs());
    }
  }

  Map<Bytes, Bytes> rows() {
    Map<Bytes, Bytes> rows = new TreeMap<>();
    store.rows().forEach((key, value) -> rows.put(key, Bytes.wrap(value)));
    return rows;
  }

  List<Task> dispatched() {
    return effects.stream()
        .filter(Effect.Dispatch.class::isInstance)
        .map(effect -> ((Effect.Dispatch) effect).task())
        .toList();
  }

  List<ControlMessage> controls() {
    return effects.stream()
        .filter(Effect.Control.class::isInstance)
        .map(effect -> ((Effect.Control) effect).message())
        .toList();
  }
}
