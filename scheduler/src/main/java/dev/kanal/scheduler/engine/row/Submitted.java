package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.table.Codec;

/** The first submit with an idempotency key: the job that it means, and what it was made of. */
public record Submitted(JobId job, long bodyHi, long bodyLo) {
  public static final Codec<Submitted> CODEC =
      Codec.of(
          (out, row) ->
              Codec.putJob(out, row.job).putFixedLong(row.bodyHi).putFixedLong(row.bodyLo),
          (in, _) -> new Submitted(Codec.getJob(in), in.getFixedLong(), in.getFixedLong()));

  public static Submitted of(JobId job, Idempotency idempotency) {
    return new Submitted(job, idempotency.bodyHi(), idempotency.bodyLo());
  }
}
