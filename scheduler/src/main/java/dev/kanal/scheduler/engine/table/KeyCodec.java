package dev.kanal.scheduler.engine.table;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.WorkerRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;

/**
 * The bytes of a table's keys: its letter, then what makes the row unique, ordered as bytes.
 *
 * @param read reads a key whole, with its letter
 */
public record KeyCodec<K>(Writer<K> writer, Function<byte[], K> read) {
  public static final KeyCodec<JobId> JOB =
      new KeyCodec<>(
          (letter, job) -> job(of(letter, JobId.BYTES), job), key -> JobId.fromBytes(key, 1));

  public static final KeyCodec<JobPart> JOB_PART =
      ofWriter(
          (letter, part) ->
              job(of(letter, JobId.BYTES + Integer.BYTES).putInt(17, part.number), part.job));

  public static final KeyCodec<String> TEXT =
      new KeyCodec<>(
          (letter, text) -> {
            byte[] utf8 = utf8(text);
            return wrap(of(letter, utf8.length).put(utf8));
          },
          key -> text(key, 1, key.length));

  /** Two texts, of which the first has no zero. */
  public static final KeyCodec<Pair> PAIR =
      new KeyCodec<>(
          (letter, pair) -> {
            byte[] first = utf8(pair.first);
            byte[] second = utf8(pair.second);
            ByteBuffer key = of(letter, first.length + 1 + second.length).put(first).put((byte) 0);
            return wrap(key.put(second));
          },
          key -> {
            int zero = zero(key);
            return new Pair(text(key, 1, zero), text(key, zero + 1, key.length));
          });

  public static final KeyCodec<Long> NUMBER =
      new KeyCodec<>(
          (letter, number) -> wrap(of(letter, Long.BYTES).putLong(number)),
          key -> ByteBuffer.wrap(key).getLong(1));

  public static final KeyCodec<Integer> SHARD =
      ofWriter((letter, shard) -> wrap(of(letter, Integer.BYTES).putInt(shard)));

  public static final KeyCodec<Sequence> SEQUENCE =
      new KeyCodec<>(
          (letter, to) ->
              wrap(of(letter, Integer.BYTES + Long.BYTES).putInt(to.shard).putLong(to.number)),
          key -> new Sequence(ByteBuffer.wrap(key).getInt(1), ByteBuffer.wrap(key).getLong(5)));

  public static final KeyCodec<WorkerRef> WORKER =
      ofWriter(
          (letter, worker) -> {
            byte[] name = utf8(worker.name());
            ByteBuffer key = of(letter, name.length + 1 + Long.BYTES).put(name).put((byte) 0);
            return wrap(key.putLong(worker.incarnation()));
          });

  /** A numbered part of what a job has. */
  public record JobPart(JobId job, int number) {}

  /** A name within a queue or the like. */
  public record Pair(String first, String second) {}

  /** A numbered entry for another shard. */
  public record Sequence(int shard, long number) {}

  /** Writes a key. */
  public interface Writer<K> {
    Bytes write(Letter letter, K key);
  }

  /** Keys that are written and looked up, and never read back. */
  public static <K> KeyCodec<K> ofWriter(Writer<K> writer) {
    return new KeyCodec<>(
        writer,
        _ -> {
          throw new UnsupportedOperationException(
              "Expected keys that can be read, but they cannot");
        });
  }

  public Bytes write(Letter letter, K key) {
    return writer.write(letter, key);
  }

  /** A key of a letter and as many bytes more. */
  public static ByteBuffer of(Letter letter, int bytes) {
    return ByteBuffer.allocate(1 + bytes).put(letter.code());
  }

  /** Of a key that {@link #of} has begun. */
  @SuppressWarnings("ByteBufferBackingArray")
  public static Bytes wrap(ByteBuffer key) {
    return Bytes.wrap(key.array());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String text(byte[] key, int from, int to) {
    return new String(key, from, to - from, StandardCharsets.UTF_8);
  }

  /** Where the first zero behind the letter is. */
  public static int zero(byte[] key) {
    return zero(key, 0);
  }

  /** Where the first zero is behind the letter and so many bytes more. */
  public static int zero(byte[] key, int more) {
    int zero = 1 + more;
    while (key[zero] != 0) {
      zero++;
    }
    return zero;
  }

  private static Bytes job(ByteBuffer key, JobId job) {
    return wrap(key.putLong(job.hi()).putLong(job.lo()));
  }
}
