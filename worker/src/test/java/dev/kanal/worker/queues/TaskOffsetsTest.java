package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.worker.lane.LaneFixture;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EmbeddedCluster
@Timeout(60)
final class TaskOffsetsTest {
  private static final Channel UNUSED = channel("unused");
  private static final Channel TRIMMED = channel("trimmed");
  private static final Channel FULL = channel("full");
  private static final Channel MISSING = channel("missing");

  private final Topics topics = new Topics(EmbeddedKafka.uniquePrefix());
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TaskOffsets offsets;

  TaskOffsetsTest(TestKafka kafka) throws ExecutionException, InterruptedException {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    admin = Admin.create(settings);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    offsets = new TaskOffsets(admin, admin, topics);
    var _ =
        admin
            .createTopics(
                Stream.of(UNUSED, TRIMMED, FULL)
                    .map(channel -> new NewTopic(tasks(channel), 1, (short) 1))
                    .toList())
            .all()
            .get();
  }

  @AfterEach
  void end() {
    producer.close();
    admin.close();
  }

  @Test
  void shouldKnowChannelsWithoutRecords_alsoIfTheyHadSome() throws Exception {
    for (Channel channel : List.of(TRIMMED, FULL)) {
      var _ = producer.send(TaskRecords.encode(tasks(channel), LaneFixture.task(1))).get();
      var _ = producer.send(TaskRecords.encode(tasks(channel), LaneFixture.task(2))).get();
    }
    var all = Map.of(partition(TRIMMED), RecordsToDelete.beforeOffset(2));
    var _ = admin.deleteRecords(all).all().get();
    var one = Map.of(partition(FULL), RecordsToDelete.beforeOffset(1));
    var _ = admin.deleteRecords(one).all().get();

    var ends =
        offsets.ends(
            Stream.of(UNUSED, TRIMMED, FULL, MISSING)
                .collect(Collectors.toMap(channel -> channel, _ -> Set.of())));

    assertEquals(
        Map.of(
            UNUSED, Map.of(partition(UNUSED), 0L),
            TRIMMED, Map.of(partition(TRIMMED), 2L),
            FULL, Map.of(partition(FULL), 2L)),
        ends);
    assertEquals(Set.of(UNUSED, TRIMMED), offsets.empty(ends));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "3, 1", "4, 2", "6, 2", "7, 3"})
  void shouldAskAboutABoundedNumberAtOnce(int all, int parcels) {
    List<Integer> numbers = Stream.iterate(0, number -> number + 1).limit(all).toList();

    List<List<Integer>> made = TaskOffsets.parcels(numbers, 3);

    assertEquals(parcels, made.size());
    assertEquals(numbers, made.stream().flatMap(List::stream).toList());
  }

  private TopicPartition partition(Channel channel) {
    return new TopicPartition(tasks(channel), 0);
  }

  private String tasks(Channel channel) {
    return topics.tasks(channel.queue(), channel.priority());
  }

  private static Channel channel(String queue) {
    return new Channel(queue, Priority.NORMAL);
  }
}
