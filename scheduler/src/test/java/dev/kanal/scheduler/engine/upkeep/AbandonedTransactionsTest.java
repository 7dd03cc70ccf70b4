package dev.kanal.scheduler.engine.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@EmbeddedCluster
final class AbandonedTransactionsTest {
  private static final String GONE = UUID.randomUUID().toString();
  private static final String LIVING = UUID.randomUUID().toString();

  private final String application = EmbeddedKafka.uniquePrefix() + "engine";

  @Test
  void shouldEndTransactionsOfProcessesThatAreGone_andNoOthers(EmbeddedKafka kafka)
      throws Exception {
    String living = application + "-" + LIVING + "-StreamThread-1-consumer";
    try (var admin = admin(kafka);
        var _ = member(kafka, living);
        var gone = openTransaction(kafka, GONE);
        var alive = openTransaction(kafka, LIVING)) {

      assertEquals(List.of(application + "-" + GONE + "-1"), end(admin));

      assertEquals(List.of(), end(admin));
      assertThrows(KafkaException.class, gone::commitTransaction);
      alive.commitTransaction();
    }
  }

  @Test
  void shouldEndNone_whenAMemberDoesNotTellItsProcess(EmbeddedKafka kafka) throws Exception {
    try (var admin = admin(kafka);
        var _ = member(kafka, "a-name-of-its-own");
        var open = openTransaction(kafka, LIVING)) {

      assertEquals(List.of(), end(admin));

      open.commitTransaction();
    }
  }

  private List<String> end(Admin admin) throws Exception {
    var transactions = new AbandonedTransactions(admin, application, () -> true);
    return transactions.end().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Admin admin(EmbeddedKafka kafka) throws Exception {
    Admin admin = Admin.create(client(kafka));
    admin.createTopics(List.of(new NewTopic(application, 1, (short) 1))).all().get();
    return admin;
  }

  /** In the engine's group, by the name that a stream thread would have. */
  private KafkaConsumer<String, String> member(EmbeddedKafka kafka, String clientId) {
    Map<String, Object> config = client(kafka);
    config.put("group.id", application);
    config.put("client.id", clientId);
    var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(application));
    for (int polls = 0; consumer.assignment().isEmpty() && polls < 200; polls++) {
      var _ = consumer.poll(Duration.ofMillis(100));
    }
    return consumer;
  }

  private KafkaProducer<String, String> openTransaction(EmbeddedKafka kafka, String process) {
    Map<String, Object> config = client(kafka);
    config.put("transactional.id", application + "-" + process + "-1");
    var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    producer.initTransactions();
    producer.beginTransaction();
    var _ = producer.send(new ProducerRecord<>(application, "open"));
    producer.flush();
    return producer;
  }

  private static Map<String, Object> client(EmbeddedKafka kafka) {
    return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
