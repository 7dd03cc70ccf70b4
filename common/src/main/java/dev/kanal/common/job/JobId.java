package dev.kanal.common.job;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * A job's id: a UUID of version 7 whose 12 {@code rand_a} bits hold the job's shard, so that any
 * node finds the owner without a lookup and ids sort by creation time (milliseconds).
 */
public record JobId(long hi, long lo) implements Comparable<JobId> {
  /** Shard numbers are 0 (inclusive) to this bound (exclusive): 12 bits. */
  public static final int MAX_SHARDS = 4096;

  /** Length of {@link #toBytes()}. */
  public static final int BYTES = 16;

  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
  private static final int TEXT_LENGTH = 36;

  public JobId {
    if ((hi & 0xF000L) != VERSION_7 || (lo >>> 62) != 2) {
      throw new IllegalArgumentException(
          "Expected a UUID of version 7 as job id, but got " + new UUID(hi, lo));
    }
  }

  /** A new id for a job of {@code shard}, created at {@code now}. */
  public static JobId create(int shard, Instant now, RandomGenerator random) {
    return of(shard, now.toEpochMilli(), random.nextLong());
  }

  /** The id made of these parts; only the lower 62 bits of {@code random} are used. */
  public static JobId of(int shard, long epochMs, long random) {
    if (shard < 0 || shard >= MAX_SHARDS) {
      throw new IllegalArgumentException(
          "Expected a shard from 0 to " + (MAX_SHARDS - 1) + ", but got " + shard);
    }
    return new JobId(epochMs << 16 | VERSION_7 | shard, VARIANT | (random & RANDOM_MASK));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if {@code text} is not a UUID of version 7 in its 36-character
   *     form
   */
  public static JobId parse(String text) {
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException("Expected a job id of 36 characters, but got another");
    }
    UUID uuid = UUID.fromString(text);
    return new JobId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /** Reads the 16 bytes of {@link #toBytes()} at {@code offset}. */
  public static JobId fromBytes(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new JobId(buffer.getLong(), buffer.getLong());
  }

  public int shard() {
    return (int) (hi & 0xFFF);
  }

  /** When the id was made by the clock of the node that made it. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(hi >>> 16);
  }

  /** Big-endian, so that the order of bytes is the order of ids. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(hi).putLong(lo).array();
  }

  @Override
  public int compareTo(JobId other) {
    int byHi = Long.compareUnsigned(hi, other.hi);
    return byHi != 0 ? byHi : Long.compareUnsigned(lo, other.lo);
  }

  @Override
  public String toString() {
    return new UUID(hi, lo).toString();
  }
}
