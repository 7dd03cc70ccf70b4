package dev.kanal.scheduler.engine.table;

import dev.kanal.common.job.JobId;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that have something in common, as rows without a value: their keys are what they have in
 * common, then the offset of the log that gives a job its place there, if it has one, and the job.
 *
 * @param prefixes the keys' beginning
 */
public record Index<P>(Letter letter, KeyCodec<P> prefixes) {
  /**
   * Where a job stands.
   *
   * @param offset only of an index by offset
   */
  public record Place(long offset, JobId job) {}

  public Bytes key(P prefix, long offset, JobId job) {
    ByteBuffer key = append(prefix, Long.BYTES + JobId.BYTES).putLong(offset);
    return KeyCodec.wrap(key.putLong(job.hi()).putLong(job.lo()));
  }

  public Bytes key(P prefix, JobId job) {
    ByteBuffer key = append(prefix, JobId.BYTES);
    return KeyCodec.wrap(key.putLong(job.hi()).putLong(job.lo()));
  }

  /** All that have this in common. */
  public Range<JobId> all(P prefix) {
    Bytes from = prefixes.write(letter, prefix);
    return new Range<>(from, Range.behind(from), Index::job);
  }

  /** From this offset on. */
  public Range<Place> from(P prefix, long offset) {
    return between(prefix, offset, Long.MAX_VALUE);
  }

  public Range<Place> between(P prefix, long from, long to) {
    return new Range<>(offset(prefix, from), offset(prefix, to), Index::place);
  }

  /** From this offset on, before the job that has its place at another. */
  public Range<Place> before(P prefix, long from, Place to) {
    return new Range<>(offset(prefix, from), key(prefix, to.offset, to.job), Index::place);
  }

  /** Jobs by their ids, from one on, before another; null comes after all. */
  public Range<JobId> jobs(P prefix, JobId from, @Nullable JobId to) {
    Bytes end = to == null ? all(prefix).to() : key(prefix, to);
    return new Range<>(key(prefix, from), end, Index::job);
  }

  /** The job of a key. */
  public static JobId job(Bytes key) {
    return JobId.fromBytes(key.get(), key.get().length - JobId.BYTES);
  }

  /** The offset in a key; only of an index by offset. */
  public static long offset(Bytes key) {
    byte[] all = key.get();
    return ByteBuffer.wrap(all).getLong(all.length - JobId.BYTES - Long.BYTES);
  }

  private static Place place(Bytes key) {
    return new Place(offset(key), job(key));
  }

  private Bytes offset(P prefix, long offset) {
    return KeyCodec.wrap(append(prefix, Long.BYTES).putLong(offset));
  }

  private ByteBuffer append(P prefix, int bytes) {
    byte[] begin = prefixes.write(letter, prefix).get();
    return ByteBuffer.allocate(begin.length + bytes).put(begin);
  }
}
