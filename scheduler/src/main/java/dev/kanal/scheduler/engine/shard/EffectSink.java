package dev.kanal.scheduler.engine.shard;

import dev.kanal.scheduler.engine.step.Effect;

/** Where the effects of decisions go. Called by the shard's thread, after the store was written. */
public interface EffectSink {
  void accept(Effect effect);

  /** An input that could not be read or decided about goes to quarantine with the reason. */
  void quarantine(byte[] record, String why);
}
