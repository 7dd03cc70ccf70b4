package dev.kanal.scheduler.engine.read;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.UnavailableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads the topic of the quarantine backwards, one question after the other on its own thread. */
public final class QuarantineReader implements Quarantine, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final int WAITING_MAX = 16;

  private final TopicPartition partition;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Ticker ticker;
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("kanal-quarantine").daemon().factory());

  /**
   * @param consumers that read what is committed
   */
  public QuarantineReader(
      String topic, Supplier<Consumer<byte[], byte[]>> consumers, Ticker ticker) {
    this.partition = new TopicPartition(topic, 0);
    this.consumers = consumers;
    this.ticker = ticker;
  }

  @Override
  public CompletableFuture<Page> read(@Nullable Long below, int limit) {
    try {
      return CompletableFuture.supplyAsync(() -> readNow(below, limit), thread);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new UnavailableException("the quarantine is being read by too many"));
    }
  }

  private Page readNow(@Nullable Long below, int limit) {
    long until = ticker.nanos() + PATIENCE.toNanos();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<TopicPartition> all = List.of(partition);
      consumer.assign(all);
      long begin = consumer.beginningOffsets(all, PATIENCE).getOrDefault(partition, 0L);
      long end = consumer.endOffsets(all, PATIENCE).getOrDefault(partition, 0L);
      return readBack(consumer, begin, below == null ? end : Math.min(end, below), limit, until);
    } catch (KafkaException e) {
      throw new CompletionException(
          new UnavailableException("the quarantine cannot be read: " + e.getMessage()));
    }
  }

  /** Takes ranges that double, since there are offsets without a record. */
  private Page readBack(
      Consumer<byte[], byte[]> consumer, long begin, long end, int limit, long until) {
    Deque<Item> newest = new ArrayDeque<>();
    long to = end;
    for (long range = 2L * limit; to > begin && newest.size() < limit; range *= 2) {
      long from = Math.max(begin, to - range);
      List<Item> some = range(consumer, from, to, until);
      for (int i = some.size() - 1; i >= 0 && newest.size() < limit; i--) {
        newest.add(some.get(i));
      }
      to = from;
    }
    boolean full = newest.size() == limit;
    long reached = full ? newest.getLast().offset() : to;
    return new Page(List.copyOf(newest), reached > begin ? reached : null);
  }

  private List<Item> range(Consumer<byte[], byte[]> consumer, long from, long to, long until) {
    List<Item> items = new ArrayList<>();
    consumer.seek(partition, from);
    while (consumer.position(partition) < to) {
      if (ticker.nanos() > until) {
        throw new CompletionException(
            new UnavailableException("the quarantine was not read within " + PATIENCE));
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          items.add(item(record));
        }
      }
    }
    return items;
  }

  private static Item item(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    String text = text(value);
    int length = Math.min(value.length, EXCERPT_MAX);
    return new Item(
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        header(record, QuarantineHeaders.REASON),
        source(header(record, QuarantineHeaders.SOURCE)),
        value.length,
        text == null ? base64(value, length) : text,
        text != null);
  }

  private static String base64(byte[] value, int length) {
    ByteBuffer encoded = Base64.getEncoder().encode(ByteBuffer.wrap(value, 0, length));
    return StandardCharsets.US_ASCII.decode(encoded).toString();
  }

  /** The beginning as text; null if it is none that can be read. */
  public static @Nullable String text(byte[] value) {
    int length = Math.min(value.length, EXCERPT_MAX);
    while (length > 0 && length < value.length && (value[length] & 0xC0) == 0x80) {
      length--;
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value, 0, length)).toString();
      return text.chars().allMatch(each -> !Character.isISOControl(each) || each == '\n')
          ? text
          : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static @Nullable Source source(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return null;
    }
    try {
      return new Source(
          Integer.parseInt(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
