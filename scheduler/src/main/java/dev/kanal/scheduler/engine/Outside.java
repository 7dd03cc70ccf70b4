package dev.kanal.scheduler.engine;

/** Where the effects of decisions go. Called by the shard's thread, after the store was written. */
interface Outside {
  void accept(Effect effect);

  /** An input that could not be read or decided about goes to quarantine with the reason. */
  void quarantine(byte[] record, String why);
}
