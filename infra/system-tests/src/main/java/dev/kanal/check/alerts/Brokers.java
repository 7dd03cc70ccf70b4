package dev.kanal.check.alerts;

import dev.kanal.check.server.CheckStopped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/** What others may do to Kafka. */
final class Brokers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Admin admin;
  private final Set<String> slowed = new HashSet<>();

  Brokers(String bootstrap) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
  }

  /** Deletes all records of a topic; answers how many there were since the last time. */
  long empty(String topic) throws InterruptedException {
    TopicDescription described =
        get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    if (described == null) {
      throw new CheckStopped("Expected a topic " + topic + ", but there is none");
    }
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    described
        .partitions()
        .forEach(
            partition -> {
              TopicPartition each = new TopicPartition(topic, partition.partition());
              earliest.put(each, OffsetSpec.earliest());
              latest.put(each, OffsetSpec.latest());
            });
    Map<TopicPartition, ListOffsetsResultInfo> from = get(admin.listOffsets(earliest).all());
    Map<TopicPartition, ListOffsetsResultInfo> to = get(admin.listOffsets(latest).all());
    Map<TopicPartition, RecordsToDelete> delete = new HashMap<>();
    to.forEach((each, end) -> delete.put(each, RecordsToDelete.beforeOffset(end.offset())));
    get(admin.deleteRecords(delete).all());
    return sum(to) - sum(from);
  }

  /** Limits the bytes that each member of a group may read in a second. */
  void slow(String group, double bytesPerSecond) throws InterruptedException {
    for (ConsumerGroupDescription described :
        get(admin.describeConsumerGroups(List.of(group)).all()).values()) {
      for (MemberDescription member : described.members()) {
        slowed.add(member.clientId());
      }
    }
    if (slowed.isEmpty()) {
      throw new CheckStopped("Expected members of " + group + ", but there are none");
    }
    alter(bytesPerSecond);
  }

  /** Lifts the limit. */
  void hurry() throws InterruptedException {
    alter(null);
    slowed.clear();
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }

  private void alter(@Nullable Double bytesPerSecond) throws InterruptedException {
    List<ClientQuotaAlteration> all = new ArrayList<>();
    for (String client : slowed) {
      all.add(
          new ClientQuotaAlteration(
              new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, client)),
              List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond))));
    }
    get(admin.alterClientQuotas(all).all());
  }

  private static long sum(Map<TopicPartition, ListOffsetsResultInfo> offsets) {
    return offsets.values().stream().mapToLong(ListOffsetsResultInfo::offset).sum();
  }

  private static <T> T get(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CheckStopped("Expected Kafka to do as asked, but: " + e);
    }
  }
}
