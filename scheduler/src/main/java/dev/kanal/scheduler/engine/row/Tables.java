package dev.kanal.scheduler.engine.row;

import static dev.kanal.scheduler.engine.table.KeyCodec.JOB;
import static dev.kanal.scheduler.engine.table.KeyCodec.JOB_PART;
import static dev.kanal.scheduler.engine.table.KeyCodec.PAIR;
import static dev.kanal.scheduler.engine.table.KeyCodec.SEQUENCE;
import static dev.kanal.scheduler.engine.table.KeyCodec.SHARD;
import static dev.kanal.scheduler.engine.table.KeyCodec.TEXT;
import static dev.kanal.scheduler.engine.table.KeyCodec.WORKER;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.Index;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.KeyCodec.Sequence;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Numbers;
import dev.kanal.scheduler.engine.table.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/**
 * The tables and indexes of jobs and queues; what is in each, its {@link Letter} says. Schedules,
 * failures, logs and children have theirs beside their rows, timers in {@link Timers}.
 */
public final class Tables {
  /** States with an index of their jobs. The way from queued to succeeded is not to cost any. */
  public static final Set<JobState> FILED_STATES =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(JobState.QUEUED, JobState.SUCCEEDED)));

  public static final Bytes META = Letter.META.with("");

  /** Where a step's walks begin. */
  public static final Bytes TURN = Letter.SHARD.with("t");

  public static final Bytes RULES = Letter.SHARD.with("r");

  /** The last number given to a turn or a parcel. */
  public static final Bytes NUMBER = Letter.SHARD.with("n");

  public static final Bytes OUTBOX_FILL = Letter.SHARD.with("o");

  private static final Priority[] PRIORITIES = Priority.values();

  private static final KeyCodec<Channel> CHANNEL =
      new KeyCodec<>(
          (letter, channel) -> KeyCodec.wrap(channel(letter, channel, 0)),
          key -> channel(key, key.length - 2));

  /** Of all types, if the type is empty. */
  private static final KeyCodec<ChannelType> CHANNEL_TYPE =
      new KeyCodec<>(
          (letter, walk) -> {
            byte[] type = KeyCodec.utf8(walk.type);
            return KeyCodec.wrap(channel(letter, walk.channel, type.length).put(type));
          },
          key -> {
            int zero = KeyCodec.zero(key);
            return new ChannelType(channel(key, zero), KeyCodec.text(key, zero + 2, key.length));
          });

  private static final KeyCodec<ChannelType> CHANNEL_TYPE_PREFIX =
      KeyCodec.ofWriter(
          (letter, walk) -> {
            String type = walk.type.isEmpty() ? "" : walk.type + "\0";
            return CHANNEL_TYPE.write(letter, new ChannelType(walk.channel, type));
          });

  private static final KeyCodec<String> TEXT_PREFIX =
      KeyCodec.ofWriter((letter, text) -> TEXT.write(letter, text + "\0"));

  private static final KeyCodec<Pair> PAIR_PREFIX =
      KeyCodec.ofWriter(
          (letter, pair) -> {
            String second = pair.second().isEmpty() ? "" : pair.second() + "\0";
            return PAIR.write(letter, new Pair(pair.first(), second));
          });

  /** Where the first submit with this queue, key and idempotency key is noted. */
  private static final KeyCodec<JobSpec> IDEMPOTENCY =
      KeyCodec.ofWriter(
          (letter, spec) -> {
            JobKey key = spec.key();
            Idempotency idempotency = Objects.requireNonNull(spec.idempotency(), "idempotency");
            String within = (key == null ? "" : key.value()) + "\0" + idempotency.key();
            return PAIR.write(letter, new Pair(spec.queue(), within));
          });

  private static final Codec<JobProgress> REPORT =
      Codec.of(
          (out, progress) ->
              out.putDouble(progress.fraction()).putNullableString(progress.message()),
          (in, _) -> new JobProgress(in.getDouble(), in.getNullableString()));

  private static final Codec<List<String>> TYPES =
      Codec.of(
          (out, types) -> {
            out.putInt(types.size());
            types.forEach(out::putString);
          },
          (in, _) -> {
            List<String> types = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
              types.add(in.getString());
            }
            return List.copyOf(types);
          });

  private static final Codec<Bytes> KEY =
      Codec.of((out, key) -> out.putBytes(key.get()), (in, _) -> Bytes.wrap(in.getBytes()));

  public static final Table<JobId, JobRow> JOBS = new Table<>(Letter.JOB, JOB, JobCodec.JOB);

  public static final Table<JobId, JsonBytes> PAYLOADS =
      new Table<>(Letter.PAYLOAD, JOB, Codec.JSON);

  public static final Table<JobId, JsonBytes> RESULTS = new Table<>(Letter.RESULT, JOB, Codec.JSON);
  public static final Table<JobId, JobProgress> REPORTS = new Table<>(Letter.REPORTED, JOB, REPORT);

  public static final Table<JobPart, Attempt> ATTEMPTS =
      new Table<>(Letter.ATTEMPT, JOB_PART, JobCodec.ATTEMPT);

  public static final Table<JobId, ParkedRow> PARKED =
      new Table<>(Letter.PARKED, JOB, ParkedRow.CODEC);

  /** Of specs that have an idempotency key. */
  public static final Table<JobSpec, Submitted> SUBMITTED =
      new Table<>(Letter.SUBMITTED, IDEMPOTENCY, Submitted.CODEC);

  public static final Index<Channel> QUEUED = new Index<>(Letter.QUEUED, CHANNEL);
  public static final Index<Channel> BLOCKED = new Index<>(Letter.BLOCKED, CHANNEL);

  /** By queue and key; with an empty one, those of all its keys. */
  public static final Index<Pair> LINES = new Index<>(Letter.LINE, PAIR_PREFIX);

  /** By queue. */
  public static final Index<String> LINGERING = new Index<>(Letter.LINGERING, TEXT_PREFIX);

  public static final Index<WorkerRef> LEASES = new Index<>(Letter.LEASE, WORKER);
  public static final Index<ChannelType> BLOCKED_BY_TYPE =
      new Index<>(Letter.BLOCKED_BY_TYPE, CHANNEL_TYPE_PREFIX);

  /** Of {@link #FILED_STATES}. */
  public static final Index<QueueState> FILED =
      new Index<>(
          Letter.FILED,
          KeyCodec.ofWriter(
              (letter, of) -> {
                byte[] queue = KeyCodec.utf8(of.queue);
                ByteBuffer key = KeyCodec.of(letter, 1 + queue.length + 1);
                return KeyCodec.wrap(key.put((byte) of.state.code()).put(queue));
              }));

  /** By queue and key. */
  public static final Table<Pair, KeyRow> KEYS = new Table<>(Letter.KEY, PAIR, KeyRow.CODEC);

  /** Topics' ids. */
  public static final Table<Channel, String> READY = new Table<>(Letter.READY, CHANNEL, Codec.TEXT);

  /** Before which offset of the log it was sent. */
  public static final Numbers<Channel> CHANNEL_WALKS = new Numbers<>(Letter.CHANNEL_WALK, CHANNEL);

  public static final Table<String, Boolean> QUEUE_WALKS = Table.ofMarks(Letter.QUEUE_WALK, TEXT);
  public static final Table<Pair, Boolean> KEY_WALKS = Table.ofMarks(Letter.KEY_WALK, PAIR);

  public static final Table<String, QueueRow> SETTINGS =
      new Table<>(Letter.SETTINGS, TEXT, QueueRow.CODEC);

  public static final Table<String, TokenBucket> TOKENS =
      new Table<>(Letter.TOKENS, TEXT, TokenBucket.CODEC);

  public static final Table<String, Counts> COUNTS = new Table<>(Letter.COUNTS, TEXT, Counts.CODEC);

  /** When it was. */
  public static final Numbers<WorkerRef> WORKERS = new Numbers<>(Letter.WORKER, WORKER);

  public static final Table<JobId, BulkActionRow> BULKS =
      new Table<>(Letter.BULK, JOB, BulkActionRow.CODEC);
  public static final Table<JobId, Boolean> BULK_WALKS = Table.ofMarks(Letter.BULK_WALK, JOB);

  public static final Table<Sequence, LogEntry> OUTBOX =
      new Table<>(Letter.OUTBOX, SEQUENCE, Codec.of(LogCodec::encode, LogCodec::decode));

  public static final Numbers<Integer> RELAYED = new Numbers<>(Letter.RELAYED, SHARD);
  public static final Numbers<Integer> SEEN = new Numbers<>(Letter.SEEN, SHARD);

  /** All types that a queue's workers run; none: not known. */
  public static final Table<String, List<String>> TYPES_OF = new Table<>(Letter.TYPES, TEXT, TYPES);

  /** One of these. */
  public static final Table<Pair, Boolean> HANDLED = Table.ofMarks(Letter.TYPES, PAIR);

  /** With the empty key: this shard has learned of workers' types at least once. */
  public static final Table<String, Boolean> TYPES_TOLD = Table.ofMarks(Letter.TYPES, TEXT);

  /** The key in {@link #BLOCKED_BY_TYPE} to which the walk has come. */
  public static final Table<ChannelType, Bytes> TYPE_WALKS =
      new Table<>(Letter.TYPE_WALK, CHANNEL_TYPE, KEY);

  private Tables() {}

  /**
   * Jobs of a channel that wait for a worker of their type.
   *
   * @param type empty: of all types
   */
  public record ChannelType(Channel channel, String type) {}

  /** Jobs of a queue that are in the same state. */
  public record QueueState(String queue, JobState state) {}

  /** The type of a key of {@link #BLOCKED_BY_TYPE}. */
  public static String blockedType(Bytes key) {
    byte[] bytes = key.get();
    int end = bytes.length - 1 - Long.BYTES - JobId.BYTES;
    return KeyCodec.text(bytes, KeyCodec.zero(bytes) + 2, end);
  }

  private static ByteBuffer channel(Letter letter, Channel channel, int more) {
    byte[] queue = KeyCodec.utf8(channel.queue());
    ByteBuffer key = KeyCodec.of(letter, queue.length + 2 + more).put(queue).put((byte) 0);
    return key.put((byte) channel.priority().code());
  }

  private static Channel channel(byte[] key, int zero) {
    return new Channel(KeyCodec.text(key, 1, zero), PRIORITIES[key[zero + 1]]);
  }
}
