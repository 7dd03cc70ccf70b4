package dev.kanal.common.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.Delivery.Content;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@EmbeddedCluster
final class ShareSourceTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Ticker ticker = Clocks.system().ticker();
  private final Map<String, Object> kafka;
  private final String name = EmbeddedKafka.uniquePrefix() + "channel";
  private final List<ShareSource<String>> sources = new ArrayList<>();
  private final KafkaSink<String> sink;

  ShareSourceTest(EmbeddedKafka cluster) throws Exception {
    kafka = Map.of("bootstrap.servers", cluster.bootstrapServers());
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
    ConfigEntry earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    try (Admin admin = Admin.create(kafka)) {
      var _ =
          admin
              .createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty())))
              .all()
              .get();
      var _ =
          admin
              .incrementalAlterConfigs(
                  Map.of(group, List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
              .all()
              .get();
    }
    sink =
        new KafkaSink<>(
            new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer()),
            text -> new ProducerRecord<>(name, text.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterEach
  void end() {
    sources.forEach(ShareSource::close);
    sink.close();
  }

  @Test
  void shouldReceiveWhatWasSent_inBatchesOfBoundedSize() {
    IntStream.range(0, 10).forEach(i -> send("" + i));
    var source = open(3);
    List<String> received = new ArrayList<>();

    while (received.size() < 10) {
      var batch = receive(source);
      assertTrue(batch.size() <= 3, () -> "Expected 3 at most, but got " + batch.size());
      batch.forEach(delivery -> received.add(text(delivery)));
      batch.forEach(delivery -> source.settle(delivery, Settlement.ACCEPT));
    }

    assertEquals(IntStream.range(0, 10).mapToObj(i -> "" + i).toList(), received);
    assertEquals(0, source.failedSettlements());
  }

  @Test
  void shouldDeliverOnlyTheReleasedAgain_whenBatchIsSettledInAnyOrder() {
    List.of("accept", "release", "reject").forEach(this::send);
    var source = open(10);
    List<Delivery<String>> batch = new ArrayList<>();
    while (batch.size() < 3) {
      batch.addAll(receive(source));
      if (batch.size() < 3) {
        batch.forEach(delivery -> source.settle(delivery, Settlement.RELEASE));
        batch.clear();
      }
    }
    for (Delivery<String> delivery : batch.reversed()) {
      source.settle(delivery, settlement(text(delivery)));
    }

    var again = receive(source);

    assertEquals(List.of("release"), again.stream().map(ShareSourceTest::text).toList());
    assertTrue(again.getFirst().count() > batch.get(1).count());
    source.settle(again.getFirst(), Settlement.ACCEPT);
  }

  @Test
  void shouldRefuseToReceive_whenSomethingIsUnsettled() {
    send("1");
    var source = open(10);
    var delivery = receive(source).getFirst();

    assertThrows(IllegalStateException.class, () -> source.receive(STEP));

    assertEquals(1, source.unsettled());
    source.settle(delivery, Settlement.ACCEPT);
    assertThrows(IllegalStateException.class, () -> source.settle(delivery, Settlement.ACCEPT));
  }

  @Test
  void shouldDeliverToAnotherAtOnce_whenSourceCloses() {
    send("1");
    var first = open(1);
    receive(first);
    var second = open(1);
    // Joins the group.
    assertInstanceOf(Received.Batch.class, second.receive(STEP));

    first.close();
    long closed = ticker.nanos();
    var delivery = receive(second).getFirst();

    long waited = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - closed);
    assertTrue(waited < 5_000, () -> "Expected it within 5 s, but it took " + waited + " ms");
    assertEquals("1", text(delivery));
    second.settle(delivery, Settlement.ACCEPT);
    assertEquals(new Received.Closed<String>(null), first.receive(STEP));
  }

  @Test
  void shouldSayWhy_whenRecordCannotBeRead() {
    send("unreadable");
    send("broken");
    var source = open(10);
    List<Delivery<String>> received = new ArrayList<>();
    while (received.size() < 2) {
      var batch = receive(source);
      received.addAll(batch);
      batch.forEach(delivery -> source.settle(delivery, Settlement.REJECT));
    }

    var expected = assertInstanceOf(Content.Unreadable.class, received.getFirst().content());
    var unexpected = assertInstanceOf(Content.Unreadable.class, received.get(1).content());
    assertEquals("as asked", expected.why().getMessage());
    assertInstanceOf(ArithmeticException.class, unexpected.why().getCause());
  }

  @Test
  void shouldReturnEarly_whenWokenUp() {
    var source = open(1);
    source.wakeUp();

    assertEquals(new Received.Batch<String>(List.of()), source.receive(PATIENCE));
  }

  @Test
  void shouldRefuse_whenBatchesWouldBeEmpty() {
    assertThrows(IllegalArgumentException.class, () -> open(0));
  }

  private void send(String text) {
    var _ = sink.send(text).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private ShareSource<String> open(int maxRecords) {
    var options = new ShareSource.Options(kafka, name, List.of(name), maxRecords);
    var source = new ShareSource<>(options, ShareSourceTest::decode, ticker);
    sources.add(source);
    return source;
  }

  private List<Delivery<String>> receive(ShareSource<String> source) {
    long end = ticker.nanos() + PATIENCE.toNanos();
    while (ticker.nanos() - end < 0) {
      switch (source.receive(STEP)) {
        case Received.Batch<String>(var deliveries) when !deliveries.isEmpty() -> {
          return deliveries;
        }
        case Received.Batch<String> _ -> {}
        case Received.Closed<String>(var error) -> fail("closed: " + error);
      }
    }
    return fail("Expected something within " + PATIENCE + ", but nothing came");
  }

  private static String decode(ConsumerRecord<byte[], byte[]> record) {
    String text = new String(record.value(), StandardCharsets.UTF_8);
    return switch (text) {
      case "unreadable" -> throw new UnreadableException("as asked");
      case "broken" -> throw new ArithmeticException("not expected");
      default -> text;
    };
  }

  private static Settlement settlement(String text) {
    return switch (text) {
      case "accept" -> Settlement.ACCEPT;
      case "release" -> Settlement.RELEASE;
      default -> Settlement.REJECT;
    };
  }

  private static String text(Delivery<String> delivery) {
    return delivery.content() instanceof Content.Value<String>(var value)
        ? value
        : fail("Expected a value, but got " + delivery);
  }
}
