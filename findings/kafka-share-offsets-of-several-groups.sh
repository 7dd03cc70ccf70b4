#!/bin/sh
# Kafka 4.4.0, default settings, an idle broker: the admin client's listShareGroupOffsets for one share group is answered
# within some ten milliseconds; for five groups in one call about two seconds pass in most of the calls, though the five asked
# one after the other take a twentieth of a second. What else is asked over that connection waits meanwhile.
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
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.*;
public class T {
  static final Map<String, Object> BROKER = Map.of("bootstrap.servers", "127.0.0.1:19486");
  static final List<String> GROUPS = List.of("g1", "g2", "g3", "g4", "g5");
  public static void main(String[] a) throws Exception {
    try (Admin admin = Admin.create(BROKER);
        var producer = new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(GROUPS.stream().map(g -> new NewTopic("of-" + g, 4, (short) 1)).toList()).all().get();
      var earliest = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
      for (String group : GROUPS) {
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(earliest))).all().get();
        for (int partition = 0; partition < 4; partition++) {
          producer.send(new ProducerRecord<>("of-" + group, partition, null, new byte[1])).get();
        }
        read(group);
      }
      for (String group : GROUPS) { ask(admin, List.of(group)); }
      List<Long> single = new ArrayList<>(), together = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        single.add(ask(admin, List.of(GROUPS.get(i % 5))));
        together.add(ask(admin, GROUPS));
      }
      System.err.println("ms for one: " + single + "; for five: " + together);
      Collections.sort(single);
      System.out.println((single.get(15) < 200 ? "quick " : "slow ") + together.stream().filter(each -> each > 1_000).count());
    }
  }
  static long ask(Admin admin, List<String> groups) throws Exception {
    long begun = System.nanoTime();
    var asked = admin.listShareGroupOffsets(groups.stream().collect(Collectors.toMap(g -> g, g -> new ListShareGroupOffsetsSpec())));
    for (String group : groups) { asked.partitionsToOffsetInfo(group).get(); }
    return (System.nanoTime() - begun) / 1_000_000;
  }
  static void read(String group) {
    Map<String, Object> settings = new HashMap<>(BROKER);
    settings.put("group.id", group);
    try (var consumer = new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("of-" + group));
      for (int left = 4; left > 0; ) { left -= consumer.poll(Duration.ofMillis(100)).count(); }
      consumer.commitSync();
    }
  }
}
J
java -cp 'lib/*' kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c server.properties >/dev/null 2>&1
java -Xmx512m -cp 'lib/*' kafka.Kafka server.properties >/dev/null 2>&1 & echo $! > pid
sleep 15
said=$(java -cp 'lib/*' T.java 2>err | tail -1); grep 'ms for' err; echo "$said"
[ "${said% *}" = quick ] && [ "${said#* }" -ge 10 ]
