package dev.kanal.scheduler.engine.streams;

import dev.kanal.common.telemetry.Hop;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.table.Index;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Rows;
import dev.kanal.scheduler.engine.table.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A shard's rows: changes stand in memory until the next commit, or until there are too many, and
 * go to disk and changelog as one batch; what is overwritten in between goes once.
 *
 * <p>In place of the cache of Kafka Streams, which costs several times as much for each row, keeps
 * one order for all shards of a thread and copies the keys of a range before it is read. Kafka
 * Streams calls {@link #flushCache} before it commits: that it does is checked by a test, since it
 * knows this store by a type that is not part of its API.
 *
 * <p>Written by the shard's thread. {@link #reader} is for any thread: it sees each change as soon
 * as it is made.
 */
final class RowBuffer extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]>
    implements Store {
  /** What a row costs in memory beside its bytes: objects and links, estimated. */
  private static final int ROW_BYTES = 112;

  /** How many hot rows are kept; there are some for each queue. */
  private static final int HOT_MAX = 10_000;

  /** In place of a value, none of which is empty: the row is deleted, or known not to be there. */
  private static final byte[] NONE = {};

  /**
   * The buffers of a thread's shards. The commit of a thread is one for all of them, but Kafka
   * Streams goes through it shard by shard, and waits each time until the brokers have what was
   * sent. So the first shard's turn sends the rows of all, and the others find nothing left to wait
   * for.
   */
  private static final ThreadLocal<Set<RowBuffer>> OF_THREAD =
      ThreadLocal.withInitial(() -> Collections.newSetFromMap(new IdentityHashMap<>()));

  private final long capacityBytes;
  private final Map<Bytes, byte[]> hot = new HashMap<>();
  private long bytes;
  private volatile boolean closed;

  /** Whether rows have left the buffer that are not committed. */
  private boolean uncommitted;

  /** Whether such rows were part of a transaction that was aborted: they are lost. */
  private boolean lost;

  /** The log's format, as the rows say that left the buffer last. */
  private int flushedFormat;

  /** The same, as the rows say that are committed. */
  private volatile int committedFormat;

  /** What was queued at a later log offset has never left the buffer. */
  private long flushedOffset = Long.MAX_VALUE;

  // INVARIANT: a row stands in changes, in flushing or in the store behind; a reader that looks in
  // this order misses none, since each is filled before the one ahead of it is emptied.
  private volatile Changes changes = new Changes();
  private volatile Changes flushing = new Changes();

  /**
   * @param behind where rows go; with a changelog
   * @param capacityBytes of changes, about
   */
  RowBuffer(KeyValueStore<Bytes, byte[]> behind, long capacityBytes) {
    super(behind);
    this.capacityBytes = capacityBytes;
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    byte[] changed = changes.get(key);
    if (changed != null) {
      return valueOf(changed);
    }
    if (!Letter.isHot(key)) {
      return wrapped().get(key);
    }
    byte[] known = hot.get(key);
    if (known == null) {
      known = Objects.requireNonNullElse(wrapped().get(key), NONE);
      heat(key, known);
    }
    return valueOf(known);
  }

  @Override
  public void put(Bytes key, byte[] value) {
    if (value.length == 0) {
      throw new IllegalArgumentException("Expected a value for " + key + ", but it is empty");
    }
    change(key, value);
  }

  /** Most jobs are queued and done with between two commits: their places leave no trace then. */
  @Override
  public void delete(Bytes key) {
    if (Letter.QUEUED.isOf(key) && Index.offset(key) > flushedOffset) {
      changes.remove(key);
    } else {
      change(key, NONE);
    }
  }

  @Override
  public void scan(Bytes from, Bytes to, Visitor visitor) {
    reader().scan(from, to, visitor);
  }

  @Override
  public KeyPage keysBack(Bytes from, Bytes to, int atMost) {
    return reader().keysBack(from, to, atMost);
  }

  /** The rows for other threads than the shard's. */
  Rows reader() {
    return new Reader();
  }

  /** When the shard comes to this thread: the store behind may have changed since it was here. */
  void begin() {
    clearCache();
    uncommitted = false;
    lost = false;
    Meta meta = Meta.of(this);
    flushedOffset = meta.offset();
    flushedFormat = meta.logFormat();
    committedFormat = flushedFormat;
    closed = false;
    OF_THREAD.get().add(this);
  }

  @Override
  public void close() {
    closed = true;
    super.close();
  }

  /** By Kafka Streams, before each commit: see {@link #OF_THREAD}. */
  @Override
  public void flushCache() {
    Set<RowBuffer> all = OF_THREAD.get();
    all.removeIf(each -> each.closed);
    all.forEach(RowBuffer::flushChanges);
    flushChanges();
  }

  /** The transaction of this thread is committed. */
  static void committed() {
    OF_THREAD.get().forEach(RowBuffer::areCommitted);
  }

  private void areCommitted() {
    uncommitted = false;
    committedFormat = flushedFormat;
  }

  /**
   * The number of the format that the log may have whatever happens to this node: by any thread.
   */
  int committedFormat() {
    return committedFormat;
  }

  /**
   * The transaction of this thread is aborted. Kafka Streams closes the shards whose rows were in
   * it, as far as it knows of them; of others it does not, since their rows may have left by
   * another shard's turn, or because there were too many.
   */
  static void aborted() {
    for (RowBuffer each : OF_THREAD.get()) {
      each.lost |= each.uncommitted;
    }
  }

  /**
   * Before each record.
   *
   * @throws IllegalStateException if rows are lost: the shard is to be restored
   */
  void check() {
    if (lost) {
      throw new IllegalStateException("Rows of this shard were in a transaction that was aborted");
    }
  }

  private void flushChanges() {
    if (changes.isEmpty()) {
      return;
    }
    uncommitted = true;
    Hop.note(Hop.Place.COMMITTING);
    Meta meta = Meta.of(this);
    flushedOffset = meta.offset();
    flushedFormat = meta.logFormat();
    Changes full = changes;
    flushing = full;
    changes = new Changes();
    bytes = 0;
    List<KeyValue<Bytes, byte[]>> batch = full.all();
    batch.replaceAll(row -> row.value.length == 0 ? new KeyValue<>(row.key, null) : row);
    wrapped().putAll(batch);
    flushing = new Changes();
  }

  /** By Kafka Streams, when what is not committed is to be forgotten. */
  @Override
  public void clearCache() {
    changes = new Changes();
    hot.clear();
    bytes = 0;
  }

  private void change(Bytes key, byte[] value) {
    if (changes.put(key, value) == null) {
      bytes += ROW_BYTES + key.get().length;
    }
    // Of a row that is overwritten the old value counts too, until the next flush.
    bytes += value.length;
    if (Letter.isHot(key)) {
      heat(key, value);
    }
    // INVARIANT: a step ends with its META row, so that no part of a step is flushed by itself.
    if (bytes > capacityBytes && key.equals(Tables.META)) {
      flushChanges();
    }
  }

  private void heat(Bytes key, byte[] value) {
    if (hot.size() >= HOT_MAX) {
      hot.clear();
    }
    hot.put(key, value);
  }

  private static byte @Nullable [] valueOf(byte[] value) {
    return value.length == 0 ? null : value;
  }

  private final class Reader implements Rows {
    @Override
    public byte @Nullable [] get(Bytes key) {
      byte[] changed = changes.get(key);
      if (changed == null) {
        changed = flushing.get(key);
      }
      return changed == null ? wrapped().get(key) : valueOf(changed);
    }

    @Override
    public void scan(Bytes from, Bytes to, Visitor visitor) {
      if (from.compareTo(to) >= 0) {
        return;
      }
      try (Merged rows = new Merged(from, to, true)) {
        for (var row = rows.next(); row != null; row = rows.next()) {
          if (!visitor.visit(row.key, row.value)) {
            return;
          }
        }
      }
    }

    @Override
    public KeyPage keysBack(Bytes from, Bytes to, int atMost) {
      List<Bytes> keys = new ArrayList<>();
      if (from.compareTo(to) >= 0) {
        return new KeyPage(keys, false);
      }
      try (Merged rows = new Merged(from, to, false)) {
        var row = rows.next();
        while (row != null && keys.size() < atMost) {
          keys.add(row.key);
          row = rows.next();
        }
      }
      return new KeyPage(keys, keys.size() >= atMost);
    }
  }

  /** The rows of a range, each from where it is newest. */
  private final class Merged implements AutoCloseable {
    private final boolean forward;
    private final Cursor newest;
    private final Cursor middle;
    private final Cursor oldest;
    private final KeyValueIterator<Bytes, byte[]> behind;

    Merged(Bytes from, Bytes to, boolean forward) {
      this.forward = forward;
      this.newest = cursor(changes, from, to);
      this.middle = cursor(flushing, from, to);
      // Includes its end, ours does not.
      this.behind = forward ? wrapped().range(from, to) : wrapped().reverseRange(from, to);
      this.oldest =
          () -> {
            while (behind.hasNext()) {
              KeyValue<Bytes, byte[]> row = behind.next();
              if (row.key.compareTo(to) < 0) {
                return row;
              }
            }
            return null;
          };
      heads = new ArrayList<>(Arrays.asList(newest.next(), middle.next(), oldest.next()));
    }

    /** The next row of each, newest first. */
    private final List<@Nullable KeyValue<Bytes, byte[]>> heads;

    @Nullable KeyValue<Bytes, byte[]> next() {
      while (true) {
        KeyValue<Bytes, byte[]> found = null;
        for (KeyValue<Bytes, byte[]> head : heads) {
          if (head != null && (found == null || isBefore(head.key, found.key))) {
            found = head;
          }
        }
        if (found == null) {
          return null;
        }
        pass(found.key);
        if (found.value.length > 0) {
          return found;
        }
      }
    }

    @Override
    public void close() {
      behind.close();
    }

    private boolean isBefore(Bytes key, Bytes other) {
      int order = key.compareTo(other);
      return forward ? order < 0 : order > 0;
    }

    private void pass(Bytes key) {
      List<Cursor> cursors = List.of(newest, middle, oldest);
      for (int i = 0; i < cursors.size(); i++) {
        KeyValue<Bytes, byte[]> head = heads.get(i);
        if (head != null && head.key.equals(key)) {
          heads.set(i, cursors.get(i).next());
        }
      }
    }

    private Cursor cursor(Changes map, Bytes from, Bytes to) {
      NavigableMap<Bytes, byte[]> range = map.range(from, to);
      var rows = (forward ? range : range.descendingMap()).entrySet().iterator();
      return () -> {
        if (!rows.hasNext()) {
          return null;
        }
        var row = rows.next();
        return new KeyValue<>(row.getKey(), row.getValue());
      };
    }
  }

  private interface Cursor {
    @Nullable KeyValue<Bytes, byte[]> next();
  }
}
