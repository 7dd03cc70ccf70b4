package dev.kanal.scheduler.engine.job;

import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.step.Step;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

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
    byte[] bytes = step.get(Keys.seen(from));
    long last = bytes == null ? 0 : RowCodec.decodeNumber(bytes);
    if (sequence != last + 1) {
      return false;
    }
    step.put(Keys.seen(from), RowCodec.encodeNumber(sequence));
    return true;
  }

  public static void done(Step step, RelayDone done) {
    Bytes from = Keys.outbox(done.to(), 0);
    Bytes to = Keys.outbox(done.to(), done.sequence() + 1);
    List<Bytes> sent = step.first(from, to, DONE_MAX);
    sent.forEach(step::delete);
  }
}
