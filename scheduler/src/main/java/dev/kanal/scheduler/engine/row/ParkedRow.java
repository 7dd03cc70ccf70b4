package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.OutcomeCodec;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.table.Codec;
import java.time.Instant;

/**
 * The attempt of a job that was parked last: what is needed to record its end.
 *
 * @param run the one that handed its work outside
 * @param token of which the hash is known that completes it
 * @param completed it was completed by its token, not by its time or a cancel
 */
public record ParkedRow(Run run, TokenHash token, Instant startedAt, boolean completed) {
  static final Codec<ParkedRow> CODEC =
      Codec.of(
          (out, row) -> {
            Codec.putJob(out, row.run.job())
                .putInt(row.run.dispatch())
                .putString(row.run.worker().name())
                .putFixedLong(row.run.worker().incarnation());
            OutcomeCodec.writeToken(out, row.token);
            out.putInstant(row.startedAt).putBoolean(row.completed);
          },
          (in, _) ->
              new ParkedRow(
                  new Run(
                      Codec.getJob(in),
                      in.getInt(),
                      new WorkerRef(in.getString(), in.getFixedLong())),
                  OutcomeCodec.readToken(in),
                  in.getInstant(),
                  in.getBoolean()));

  public ParkedRow asCompleted() {
    return new ParkedRow(run, token, startedAt, true);
  }

  /** Whether this is the job's present attempt, and it still waits. */
  public boolean isOpen(JobRow row) {
    return row.status().lease().isParked() && row.status().sent().dispatch() == run.dispatch();
  }
}
