package dev.kanal.scheduler.engine.row;

import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.Lookup;
import org.apache.kafka.common.utils.Bytes;

/** How much a shard's outbox holds of flows; there is no row before the first of them. */
public record OutboxFill(long entries, long bytes) {
  private static final OutboxFill EMPTY = new OutboxFill(0, 0);
  private static final Codec<OutboxFill> CODEC =
      Codec.of(
          1,
          _ -> 16,
          (out, fill) -> out.putLong(fill.entries).putLong(fill.bytes),
          (in, _) -> new OutboxFill(in.getLong(), in.getLong()));

  /** As a shard's store has it. */
  public static OutboxFill of(Lookup rows, Bytes key) {
    byte[] row = rows.get(key);
    return row == null ? EMPTY : CODEC.decode(row);
  }

  public OutboxFill plus(long moreEntries, long moreBytes) {
    return new OutboxFill(Math.max(0, entries + moreEntries), Math.max(0, bytes + moreBytes));
  }

  public byte[] encode() {
    return CODEC.encode(this);
  }
}
