package dev.kanal.scheduler.engine.table;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The bytes of a table's values. All but those that are somebody else's format begin with their
 * version: the newest is written, it and those before it are read.
 */
public interface Codec<V> {
  /** What the rows that the first release has are written in, and most others. */
  int NEWEST = 4;

  /** How many bytes are set aside for a value at first. */
  int SMALL = 64;

  Codec<String> TEXT = of((out, text) -> out.putString(text), (in, _) -> in.getString());

  Codec<JsonBytes> JSON = of(JsonBytes::utf8, JsonBytes::wrap);

  /** Of rows that are there or not: their keys say everything. */
  Codec<Boolean> PRESENT = of(_ -> new byte[] {1}, _ -> true);

  byte[] encode(V value);

  V decode(byte[] bytes);

  /** Writes what comes behind the version. */
  interface Writer<V> {
    void write(BinaryWriter out, V value);
  }

  /** Reads what comes behind the version. */
  interface Reader<V> {
    V read(BinaryReader in, int version);
  }

  static <V> Codec<V> of(Function<V, byte[]> encode, Function<byte[], V> decode) {
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        return encode.apply(value);
      }

      @Override
      public V decode(byte[] bytes) {
        return decode.apply(bytes);
      }
    };
  }

  /** A versioned one of small values, in the newest version. */
  static <V> Codec<V> of(Writer<V> write, Reader<V> read) {
    return of(NEWEST, _ -> SMALL, write, read);
  }

  /**
   * A versioned one.
   *
   * @param version the newest
   * @param size about how many bytes a value has
   */
  static <V> Codec<V> of(int version, ToIntFunction<V> size, Writer<V> write, Reader<V> read) {
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        BinaryWriter out = new BinaryWriter(size.applyAsInt(value)).putByte(version);
        write.write(out, value);
        return out.toBytes();
      }

      @Override
      public V decode(byte[] bytes) {
        return read.read(open(bytes, version), bytes[0]);
      }
    };
  }

  static BinaryWriter putJob(BinaryWriter out, JobId job) {
    return out.putFixedLong(job.hi()).putFixedLong(job.lo());
  }

  static JobId getJob(BinaryReader in) {
    return new JobId(in.getFixedLong(), in.getFixedLong());
  }

  static void putJobs(BinaryWriter out, List<JobId> few) {
    out.putByte(few.size());
    few.forEach(job -> putJob(out, job));
  }

  static List<JobId> getJobs(BinaryReader in) {
    List<JobId> jobs = new ArrayList<>();
    for (int left = in.getByte(); left > 0; left--) {
      jobs.add(getJob(in));
    }
    return jobs;
  }

  static BinaryReader open(byte[] bytes, int newest) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > newest) {
      throw new UnreadableException(
          "Expected a row of version 1 to " + newest + ", but found " + version);
    }
    return in;
  }
}
