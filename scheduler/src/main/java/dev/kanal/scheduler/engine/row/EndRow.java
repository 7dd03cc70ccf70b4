package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Table;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a job that has an owner, until the owner has been told.
 *
 * @param job null if it could not be made
 * @param reason of an end other than success, if there is one
 * @param wants whether its result is needed where the end is heard
 * @param result null if it stands with the job, or there is none
 */
public record EndRow(
    @Nullable JobId job,
    JobState state,
    @Nullable Reason reason,
    boolean wants,
    @Nullable JsonBytes result) {
  private static final JobState[] STATES = JobState.values();
  private static final Reason[] REASONS = Reason.values();
  private static final int NO_REASON = -1;

  /** Every end of which the owner has not been told. */
  public static final Table<Key, EndRow> ENDS =
      new Table<>(
          Letter.END,
          new KeyCodec<>(
              (letter, key) ->
                  KeyCodec.wrap(
                      address(letter, key.to, Integer.BYTES + 1)
                          .putInt(key.index)
                          .put((byte) key.stage)),
              EndRow::readKey),
          Codec.of(1, _ -> 24, EndRow::write, EndRow::read));

  /** Owners that are to be told at the next tick. */
  public static final Table<Address, Boolean> NOTICES =
      Table.ofMarks(
          Letter.NOTICE,
          new KeyCodec<>(
              (letter, to) -> KeyCodec.wrap(address(letter, to, 0)),
              key -> readAddress(key, KeyCodec.zero(key, Integer.BYTES + JobId.BYTES))));

  /** Owners that are told when more ends have come, or when it is time. */
  public static final Table<Address, Gathered> GATHERED =
      new Table<>(
          Letter.GATHERED,
          KeyCodec.ofWriter((letter, to) -> KeyCodec.wrap(address(letter, to, 0))),
          Codec.of(
              1,
              _ -> 12,
              (out, row) -> out.putInt(row.count).putLong(row.dueMs),
              (in, _) -> new Gathered(in.getInt(), in.getLong())));

  /** Of a job that has ended. */
  public static EndRow of(JobRow ended, Owner owner) {
    return new EndRow(ended.id(), ended.state(), ended.status().reason(), owner.wants(), null);
  }

  /** Of a member that could not be made. */
  public static EndRow ofNone(Reason why) {
    return new EndRow(null, JobState.DEAD, why, false, null);
  }

  /**
   * Who is told, and where.
   *
   * @param at the shard where the end is heard
   */
  public record Address(int at, JobId owner, String step, int round) {
    public static Address of(Owner owner) {
      return new Address(owner.at(), owner.id(), owner.step(), owner.round());
    }

    /** As a timer has it. */
    public String toSubject() {
      return at + "/" + owner + "/" + round + "/" + step;
    }

    /** What {@link #toSubject()} gave. */
    public static Address ofSubject(String subject) {
      String[] parts = subject.split("/", 4);
      return new Address(
          Integer.parseInt(parts[0]), JobId.parse(parts[1]), parts[3], Integer.parseInt(parts[2]));
    }
  }

  /** Which job of the owner has ended. */
  public record Key(Address to, int index, int stage) {}

  /**
   * Ends that wait for others, so that they are told together.
   *
   * @param dueMs when they are told at the latest
   */
  public record Gathered(int count, long dueMs) {}

  /** The ends that one owner is to be told, by index and stage. */
  public static Range<Key> of(Address to) {
    return ENDS.range(KeyCodec.wrap(address(Letter.END, to, 0)));
  }

  private static void write(BinaryWriter out, EndRow row) {
    JobId job = row.job;
    out.putByte(row.state.code()).putByte(row.reason == null ? NO_REASON : row.reason.code());
    out.putBoolean(job != null);
    if (job != null) {
      Codec.putJob(out, job);
    }
    JsonBytes result = row.result;
    out.putBoolean(row.wants).putBoolean(result != null);
    if (result != null) {
      out.putBytes(result.utf8());
    }
  }

  private static EndRow read(BinaryReader in, int version) {
    JobState state = in.getEnum(STATES);
    int reason = in.getByte();
    return new EndRow(
        in.getBoolean() ? Codec.getJob(in) : null,
        state,
        reason == NO_REASON ? null : REASONS[reason],
        in.getBoolean(),
        in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null);
  }

  private static ByteBuffer address(Letter letter, Address to, int more) {
    byte[] step = KeyCodec.utf8(to.step);
    int bytes = Integer.BYTES + JobId.BYTES + step.length + 1 + Integer.BYTES + more;
    ByteBuffer key = KeyCodec.of(letter, bytes).putInt(to.at);
    key.putLong(to.owner.hi()).putLong(to.owner.lo());
    return key.put(step).put((byte) 0).putInt(to.round);
  }

  private static Key readKey(byte[] key) {
    int zero = KeyCodec.zero(key, Integer.BYTES + JobId.BYTES);
    int behind = zero + 1 + Integer.BYTES;
    ByteBuffer bytes = ByteBuffer.wrap(key);
    return new Key(readAddress(key, zero), bytes.getInt(behind), bytes.get(behind + Integer.BYTES));
  }

  private static Address readAddress(byte[] key, int zero) {
    ByteBuffer bytes = ByteBuffer.wrap(key);
    int step = 1 + Integer.BYTES + JobId.BYTES;
    return new Address(
        bytes.getInt(1),
        JobId.fromBytes(key, 1 + Integer.BYTES),
        KeyCodec.text(key, step, zero),
        bytes.getInt(zero + 1));
  }
}
