package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Table;

/**
 * A job that a handler has submitted, in its parent's shard.
 *
 * @param detached it is not cancelled with its parent
 */
public record ChildRow(JobId child, boolean detached) {
  private static final Codec<ChildRow> CODEC =
      Codec.of(
          1,
          _ -> 18,
          (out, row) -> Codec.putJob(out, row.child).putBoolean(row.detached),
          (in, _) -> new ChildRow(Codec.getJob(in), in.getBoolean()));

  /** By parent and name. */
  public static final Table<Name, ChildRow> CHILDREN =
      new Table<>(
          Letter.CHILD,
          new KeyCodec<>(
              (letter, name) -> {
                byte[] text = KeyCodec.utf8(name.name);
                return KeyCodec.wrap(
                    KeyCodec.of(letter, JobId.BYTES + text.length)
                        .putLong(name.parent.hi())
                        .putLong(name.parent.lo())
                        .put(text));
              },
              key ->
                  new Name(
                      JobId.fromBytes(key, 1), KeyCodec.text(key, 1 + JobId.BYTES, key.length))),
          CODEC);

  /** By parent. */
  static final Table<JobId, All> ALL =
      new Table<>(
          Letter.CHILDREN,
          KeyCodec.JOB,
          Codec.of(
              1,
              _ -> 18,
              (out, all) -> out.putLong(all.sinceMs).putInt(all.count),
              (in, _) -> new All(in.getLong(), in.getInt())));

  /** By parent: the name to which the walk has come. */
  public static final Table<JobId, String> WALKS =
      new Table<>(Letter.CHILD_WALK, KeyCodec.JOB, Codec.TEXT);

  /** How a parent calls a child. */
  public record Name(JobId parent, String name) {}

  /**
   * What is known of all children of a job.
   *
   * @param sinceMs from when their ids count
   */
  record All(long sinceMs, int count) {}

  /** The children of a job, by name: those behind this one, which has come, or all. */
  static Range<Name> after(JobId parent, String name) {
    Range<Name> all = CHILDREN.range(CHILDREN.key(new Name(parent, "")));
    return name.isEmpty() ? all : all.since(CHILDREN.key(new Name(parent, name + "\0")));
  }
}
