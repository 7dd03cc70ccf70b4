package dev.kanal.bench.rest;

import dev.kanal.bench.run.Child;
import dev.kanal.bench.run.Ports;
import dev.kanal.embedded.EmbeddedKafka;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that an endpoint can do: sends what it gets to Kafka unchanged, and answers when Kafka
 * has it. Its broker runs in the same process, as in {@code ./kanal up}.
 */
public final class BareEndpointApplication {
  private static final int PARTITIONS = 16;
  private static final int EVENT_LOOPS = 2;
  private static final String TOPIC = "bare";

  private BareEndpointApplication() {}

  public static void main(String[] arguments) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.persistent(Path.of(arguments[0]), 0);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "acks",
            "all",
            "linger.ms",
            0,
            "max.in.flight.requests.per.connection",
            1,
            "compression.type",
            "lz4");
    try (Admin admin = Admin.create(settings)) {
      NewTopic topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty());
      var _ = admin.createTopics(List.of(topic)).all().get();
    }
    var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
    DeploymentOptions each = new DeploymentOptions().setInstances(EVENT_LOOPS);
    int port = Ports.free();
    vertx
        .deployVerticle(() -> new BareListener(producer, TOPIC, port), each)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    System.out.println(Child.ready(port));
  }
}
