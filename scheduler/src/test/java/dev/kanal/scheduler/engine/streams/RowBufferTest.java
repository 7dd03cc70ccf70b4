package dev.kanal.scheduler.engine.streams;

import static dev.kanal.scheduler.engine.row.Tables.QUEUED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.table.Rows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowBufferTest {
  private static final long PLENTY = 1 << 20;

  @TempDir private Path dir;
  private final List<RowBuffer> buffers = new ArrayList<>();
  private KeyValueStore<Bytes, byte[]> behind;

  // On disk, as in life: a range of Kafka Streams' store in memory may miss a row that is there
  // while another thread writes.
  @BeforeEach
  void open() {
    behind = Stores.persistentKeyValueStore("rows").get();
    StateStore root = behind;
    var context =
        new MockProcessorContext<Void, Void>(new Properties(), new TaskId(0, 0), dir.toFile());
    behind.init(context.getStateStoreContext(), root);
  }

  @AfterEach
  void close() {
    buffers.forEach(RowBuffer::close);
    behind.close();
  }

  private RowBuffer buffer(long capacityBytes) {
    RowBuffer buffer = new RowBuffer(behind, capacityBytes);
    buffers.add(buffer);
    return buffer;
  }

  @Test
  void shouldKeepChangesBack_untilTheCommit() {
    RowBuffer buffer = buffer(PLENTY);
    buffer.put(key("j1"), bytes("a"));
    assertNull(behind.get(key("j1")));
    assertArrayEquals(bytes("a"), buffer.get(key("j1")));
    assertArrayEquals(bytes("a"), buffer.reader().get(key("j1")));

    buffer.flushCache();

    assertArrayEquals(bytes("a"), behind.get(key("j1")));
    assertArrayEquals(bytes("a"), buffer.get(key("j1")));
  }

  /** The commit of a thread then waits once for what all its shards have sent. */
  @Test
  void shouldWriteTheChangesOfAllShardsOfTheThread_atTheFirstOnesTurn() {
    RowBuffer first = buffer(PLENTY);
    RowBuffer second = buffer(PLENTY);
    first.begin();
    second.begin();
    second.put(key("j1"), bytes("a"));

    first.flushCache();

    assertArrayEquals(bytes("a"), behind.get(key("j1")));
  }

  /** Kafka Streams may not know that rows of this shard were in the transaction, too. */
  @Test
  void shouldSayThatRowsAreLost_whenTheirTransactionWasAborted() {
    RowBuffer buffer = buffer(PLENTY);
    buffer.begin();
    buffer.put(key("j1"), bytes("a"));
    RowBuffer.aborted();
    buffer.check();
    buffer.flushCache();
    RowBuffer.committed();
    RowBuffer.aborted();
    buffer.check();
    buffer.put(key("j2"), bytes("b"));
    buffer.flushCache();

    RowBuffer.aborted();

    assertThrows(IllegalStateException.class, buffer::check);
    buffer.begin();
    buffer.check();
  }

  @Test
  void shouldForgetChanges_whenTheyAreNotToBeCommitted() {
    behind.put(key("s1"), bytes("old"));
    RowBuffer buffer = buffer(PLENTY);
    buffer.put(key("s1"), bytes("new"));

    buffer.clearCache();

    assertArrayEquals(bytes("old"), buffer.get(key("s1")));
    assertArrayEquals(bytes("old"), behind.get(key("s1")));
  }

  /** A burst between two commits does not fill the memory. */
  @Test
  void shouldWriteChanges_onceThereAreTooMany() {
    RowBuffer buffer = buffer(1_000);
    for (int i = 0; i < 22; i++) {
      buffer.put(key("j" + i), new byte[100]);
    }
    assertNull(behind.get(key("j0")), "not before the step is at its end");
    meta(buffer, 1);
    assertArrayEquals(new byte[100], behind.get(key("j0")));
    buffer.put(key("j22"), new byte[100]);
    meta(buffer, 2);
    assertNull(behind.get(key("j22")));
    assertArrayEquals(new byte[100], buffer.get(key("j22")));
  }

  /** The shard was elsewhere, and came back: another thread has changed what stands behind. */
  @Test
  void shouldReadHotRowsAnew_whenTheShardComesBack() {
    RowBuffer buffer = buffer(PLENTY);
    assertNull(buffer.get(key("s1")));
    behind.put(key("s1"), bytes("restored"));
    assertNull(buffer.get(key("s1")));

    buffer.begin();

    assertArrayEquals(bytes("restored"), buffer.get(key("s1")));
  }

  @Test
  void shouldLeaveNoTrace_whenAJobIsQueuedAndDoneBetweenTwoCommits() {
    RowBuffer buffer = buffer(PLENTY);
    buffer.begin();
    meta(buffer, 5);
    Bytes before = queued(5);
    buffer.put(before, bytes("x"));
    buffer.flushCache();
    Bytes after = queued(6);
    buffer.put(after, bytes("x"));
    meta(buffer, 7);

    buffer.delete(before);
    buffer.delete(after);

    assertNull(buffer.get(before));
    assertNull(buffer.get(after));
    assertArrayEquals(bytes("x"), behind.get(before));
    buffer.flushCache();
    assertNull(behind.get(before));
    assertNull(behind.get(after));
  }

  @Test
  void shouldDeleteWhatWasQueuedBefore_whenTheShardHasComeHere() {
    behind.put(queued(9), bytes("x"));
    behind.put(Tables.META, Meta.START.at(9, 0).encode());
    RowBuffer buffer = buffer(PLENTY);
    buffer.begin();

    buffer.delete(queued(9));
    buffer.flushCache();

    assertNull(behind.get(queued(9)));
  }

  /** Before that another node may go on where this one has not been. */
  @Test
  void shouldTellTheLogsFormat_onlyOnceItIsCommitted() {
    Meta flows = Meta.START.withLogFormat(LogFormat.FLOWS.number());
    RowBuffer buffer = buffer(PLENTY);
    buffer.begin();
    RowBuffer.committed();
    buffer.put(Tables.META, flows.at(5, 0).encode());
    RowBuffer.committed();
    assertEquals(LogFormat.JOBS.number(), buffer.committedFormat());
    buffer.flushCache();
    assertEquals(LogFormat.JOBS.number(), buffer.committedFormat());
    RowBuffer.committed();
    assertEquals(LogFormat.FLOWS.number(), buffer.committedFormat());

    behind.put(Tables.META, Meta.START.at(4, 0).encode());
    buffer.begin();
    assertEquals(LogFormat.JOBS.number(), buffer.committedFormat());
    behind.put(Tables.META, flows.at(9, 0).encode());
    buffer.begin();
    assertEquals(LogFormat.FLOWS.number(), buffer.committedFormat());
  }

  @Test
  void shouldRefuseAnEmptyValue() {
    RowBuffer buffer = buffer(PLENTY);
    assertThrows(IllegalArgumentException.class, () -> buffer.put(key("j1"), new byte[0]));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldBeAsOneSortedMap_whereverRowsStand(long seed) {
    Random random = new Random(seed);
    RowBuffer buffer = buffer(4_000);
    NavigableMap<Bytes, byte[]> model = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      Bytes key = key("%s%02d".formatted(random.nextBoolean() ? "j" : "c", random.nextInt(60)));
      switch (random.nextInt(8)) {
        case 0 -> buffer.flushCache();
        case 1, 2 -> {
          model.remove(key);
          buffer.delete(key);
        }
        case 3 -> assertSame(model, buffer, random);
        default -> {
          byte[] value = bytes("v" + i);
          model.put(key, value);
          buffer.put(key, value);
        }
      }
      assertArrayEquals(model.get(key), buffer.get(key), "seed " + seed);
      assertArrayEquals(model.get(key), buffer.reader().get(key), "seed " + seed);
    }
  }

  /** What is being written to disk is not missed by those who read meanwhile. */
  @Test
  void shouldShowEveryRow_whileRowsMove() throws Exception {
    RowBuffer buffer = buffer(PLENTY);
    AtomicInteger written = new AtomicInteger();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 3_000; i++) {
                buffer.put(key("j%05d".formatted(i)), bytes("x"));
                written.set(i + 1);
                if (i % 7 == 0) {
                  buffer.flushCache();
                }
              }
            });
    Rows reader = buffer.reader();
    while (!writing.isDone()) {
      int known = written.get();
      int[] seen = {0};
      reader.scan(
          key("j"),
          key("j%05d".formatted(known)),
          (key, _) -> {
            assertEquals(key("j%05d".formatted(seen[0]++)), key);
            return true;
          });
      assertEquals(known, seen[0]);
    }
    writing.get();
  }

  private static void assertSame(
      NavigableMap<Bytes, byte[]> model, RowBuffer buffer, Random random) {
    Bytes from = key("j%02d".formatted(random.nextInt(60)));
    Bytes to = key("j%02d".formatted(random.nextInt(60)));
    int atMost = 1 + random.nextInt(70);
    List<Bytes> found = new ArrayList<>();
    buffer.scan(
        from,
        to,
        (key, value) -> {
          assertArrayEquals(model.get(key), value);
          found.add(key);
          return found.size() < atMost;
        });
    Map<Bytes, byte[]> range =
        from.compareTo(to) < 0 ? model.subMap(from, to) : new TreeMap<Bytes, byte[]>();
    assertEquals(range.keySet().stream().limit(atMost).toList(), found);
    List<Bytes> back = new ArrayList<>(range.keySet()).reversed().stream().limit(atMost).toList();
    assertEquals(back, buffer.keysBack(from, to, atMost).keys());
  }

  private static void meta(RowBuffer buffer, long offset) {
    buffer.put(Tables.META, Meta.START.at(offset, 0).encode());
  }

  private static Bytes queued(long offset) {
    Channel channel = new Channel("default", Priority.NORMAL);
    return QUEUED.key(channel, offset, JobId.of(0, 1_000, offset));
  }

  private static Bytes key(String text) {
    return Bytes.wrap(bytes(text));
  }

  private static byte[] bytes(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length());
  }
}
