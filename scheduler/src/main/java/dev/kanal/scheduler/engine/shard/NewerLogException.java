package dev.kanal.scheduler.engine.shard;

import dev.kanal.common.log.LogFormat;

/** A shard's log may have entries that this scheduler does not read: it must not open the shard. */
public final class NewerLogException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NewerLogException(int shard, int format, LogFormat reads) {
    super(
        "Expected a log of format "
            + reads.number()
            + " or older, but that of shard "
            + shard
            + " has format "
            + format
            + ": schedulers of a newer release have worked here, and this one cannot read what they"
            + " write; start the newer release");
  }
}
