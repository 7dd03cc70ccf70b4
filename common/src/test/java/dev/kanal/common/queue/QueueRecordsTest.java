package dev.kanal.common.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public form of version 1; docs/RECORDS.md describes it. */
final class QueueRecordsTest {
  private static final String EVERYTHING =
      "{'name':'mail','partitions':8,'capacity':1000,'concurrency':5,"
          + "'rate':{'permits':100,'per':'PT1M'},'weight':3,'strict':true,'paused':true,"
          + "'defaults':{'retry':{'maxAttempts':7,'backoff':{'initial':'PT0.5S','multiplier':3.0,"
          + "'max':'PT1H','jitter':0.1}},'timeout':'PT20S',"
          + "'retention':{'succeeded':'PT1H','other':'PT48H'}},"
          + "'scaling':{'minWorkers':2,'maxWorkers':7,'targetSeconds':60},'revision':42}";
  private static final String LEAST =
      "{'name':'a','partitions':4,'capacity':10,'weight':1,'strict':false,'paused':false,"
          + "'defaults':{},"
          + "'scaling':{'minWorkers':0,'maxWorkers':100,'targetSeconds':30},'revision':7}";

  @Test
  void shouldWriteEverythingThatIsSaid_andReadItAgain() {
    QueueRecord said = new QueueRecord("mail", everything(), 42);

    assertEquals(quoted(EVERYTHING), value(said));
    assertEquals(said, there(said));
    assertEquals(said, QueueSettingsJson.read(quoted(EVERYTHING).getBytes(UTF_8)));
  }

  @Test
  void shouldLeaveOutWhatIsNotSaid() {
    QueueRecord said = new QueueRecord("a", QueueSettings.of(4, 10), 7);

    assertEquals(quoted(LEAST), value(said));
    assertEquals(said, there(said));
  }

  @Test
  void shouldBeATombstoneWithItsRevision_whenDeleted() {
    QueueRecord gone = new QueueRecord("mail", null, 43);

    assertNull(QueueRecords.encode("kanal.queues", gone).value());
    assertEquals(gone, there(gone));
  }

  @Test
  void shouldReadWhatALaterVersionWrites() {
    String later =
        "{'added':{'x':[1]},'name':'a','partitions':4,'rate':{'permits':2,'burst':9},"
            + "'concurrency':null,'defaults':{'tags':{},'retry':{'maxAttempts':2}},'revision':1}";

    QueueSettings read = there(later).settings();

    assertEquals(
        new QueueSettings(
            4,
            QueueSettings.CAPACITY_MAX,
            null,
            new Rate(2, Duration.ofSeconds(1)),
            1,
            false,
            false,
            new QueueDefaults(new RetryPolicy(2, Backoff.DEFAULT), null, null),
            Scaling.DEFAULT),
        read);
  }

  @Test
  void shouldTakeTheDefaults_whereValuesAreMissingOrNull() {
    QueueSettings least = there("{'name':'a'}").settings();
    String nulls =
        "{'name':'a','partitions':null,'capacity':null,'rate':null,'weight':null,'strict':null,"
            + "'paused':null,'defaults':{'retry':null,'timeout':null,'retention':null},"
            + "'scaling':{'minWorkers':null,'maxWorkers':null},'revision':null}";

    assertEquals(QueueSettings.of(1, QueueSettings.CAPACITY_MAX), least);
    assertEquals(least, there(nulls).settings());
    assertEquals(
        new QueueDefaults(RetryPolicy.DEFAULT, null, Retention.DEFAULT),
        requireNonNull(there("{'name':'a','defaults':{'retry':{},'retention':{}}}").settings())
            .defaults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "null",
        "{",
        "{}",
        "{'name':'a','partitions':0}",
        "{'name':'a','partitions':'x'}",
        "{'name':'a','partitions':'4'}",
        "{'name':'a','partitions':true}",
        "{'name':'a','capacity':99999999999999999999}",
        "{'name':'a','strict':'true'}",
        "{'name':'a','paused':1}",
        "{'name':'a','paused':''}",
        "{'name':'a','concurrency':0}",
        "{'name':'a','concurrency':''}",
        "{'name':'a','scaling':{'minWorkers':2,'maxWorkers':1}}",
        "{'name':'a','defaults':{'retry':{'backoff':{'jitter':'0.1'}}}}",
        "{'name':'a','defaults':''}",
        "{'name':'a','rate':[]}",
        "{'name':'a','defaults':{'timeout':'soon'}}"
      })
  void shouldRefuseWhatIsNoQueue(String json) {
    assertThrows(UnreadableException.class, () -> there(json));
  }

  private static QueueSettings everything() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), 3, Duration.ofHours(1), 0.1);
    return new QueueSettings(
        8,
        1_000,
        5,
        new Rate(100, Duration.ofMinutes(1)),
        3,
        true,
        true,
        new QueueDefaults(
            new RetryPolicy(7, backoff),
            Duration.ofSeconds(20),
            new Retention(Duration.ofHours(1), Duration.ofDays(2))),
        new Scaling(2, 7, 60));
  }

  private static String value(QueueRecord said) {
    return new String(QueueRecords.encode("kanal.queues", said).value(), UTF_8);
  }

  /** There and back. */
  private static QueueRecord there(QueueRecord said) {
    ProducerRecord<byte[], byte[]> sent = QueueRecords.encode("kanal.queues", said);
    ConsumerRecord<byte[], byte[]> read =
        new ConsumerRecord<>(sent.topic(), 0, 0, sent.key(), sent.value());
    sent.headers().forEach(read.headers()::add);
    return QueueRecords.decode(read);
  }

  private static QueueRecord there(String json) {
    return QueueSettingsJson.read(quoted(json).getBytes(UTF_8));
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
