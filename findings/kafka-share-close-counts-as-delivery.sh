#!/bin/sh
# Kafka 4.4.0, default settings (4.3.1 the same): a record that a share consumer had fetched, but never handed out by a poll,
# when it is closed in good order, is available to the next at once, but with a delivery count of 2: the application of
# neither had seen it before. So the count says nothing about whether anybody began to work on a record, and consumers that
# come and go use up the five deliveries after which a record is given up.
set -eu
dir=$(mktemp -d); trap 'kill -9 $(cat pid) 2>/dev/null || true; rm -rf "$dir"' EXIT; cd "$dir"
cat > pom.xml <<'X'
<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency></dependencies></project>
X
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib
cat > server.properties <<X
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:19487
controller.listener.names=C
listeners=B://127.0.0.1:19486,C://127.0.0.1:19487
listener.security.protocol.map=B:PLAINTEXT,C:PLAINTEXT
inter.broker.listener.name=B
log.dirs=$dir/data
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
X
cat > T.java <<'J'
import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;
public class T {
  static final Map<String, Object> BROKER = Map.of("bootstrap.servers", "127.0.0.1:19486");
  public static void main(String[] a) throws Exception {
    int again = 0;
    try (Admin admin = Admin.create(BROKER);
        var producer = new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
      var earliest = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, "g"), List.of(earliest))).all().get();
      var consumer = open();
      poll(consumer, 10_000, false);
      for (int i = 0; i < 8; i++) {
        poll(consumer, 1_500, false);
        producer.send(new ProducerRecord<>("t", new byte[1])).get();
        Thread.sleep(30);
        consumer.close(Duration.ofSeconds(3)); // it has not polled since the record came
        consumer = open();
        int count = poll(consumer, 30_000, true);
        System.err.println("first seen with delivery count " + count);
        again += count == 2 ? 1 : 0;
      }
      consumer.close(Duration.ofSeconds(3));
    }
    System.out.println(again);
  }
  /** The delivery count of the last record that came; 0 if none did. */
  static int poll(KafkaShareConsumer<byte[], byte[]> consumer, long millis, boolean one) {
    int count = 0;
    for (long end = System.nanoTime() + millis * 1_000_000; System.nanoTime() < end && !(one && count > 0); ) {
      for (var record : consumer.poll(Duration.ofMillis(100))) {
        count = record.deliveryCount().orElseThrow();
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
      }
    }
    return count;
  }
  static KafkaShareConsumer<byte[], byte[]> open() {
    Map<String, Object> settings = new HashMap<>(BROKER);
    settings.put("group.id", "g");
    settings.put("share.acknowledgement.mode", "explicit");
    var consumer = new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(List.of("t"));
    return consumer;
  }
}
J
java -cp 'lib/*' kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >/dev/null 2>&1 & echo $! > pid
sleep 15
again=$(java -cp 'lib/*' T.java 2>err | tail -1); grep first err
[ "$again" -ge 6 ]
