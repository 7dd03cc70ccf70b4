package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.OUTBOX;
import static dev.kanal.scheduler.engine.row.Tables.SEEN;

import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.Sequence;

/**
 * What shards ask of each other. An entry stands in the sender's outbox until the receiver's log
 * has it, and may be sent more than once; the receiver takes those of a sender one by one, in
 * order.
 */
public final class RelayDecisions {
  /** Entries that one acknowledgement covers at most. */
  public static final int DONE_MAX = 200;

  private RelayDecisions() {}

  /** Whether a relayed entry is the next of its sender; if it is, it counts as taken. */
  public static boolean take(Step step, Relayed relayed) {
    return take(step, relayed.from(), relayed.sequence());
  }

  public static boolean take(Step step, int from, long sequence) {
    if (sequence != step.get(SEEN, from, 0) + 1) {
      return false;
    }
    step.put(SEEN, from, sequence);
    return true;
  }

  public static void done(Step step, RelayDone done) {
    Sequence from = new Sequence(done.to(), 0);
    Sequence to = new Sequence(done.to(), done.sequence() + 1);
    step.relayed(step.first(OUTBOX.between(from, to), DONE_MAX));
  }
}
