package dev.kanal.worker.pool;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lags as the brokers know them: records behind each share group's start, in the topics that this
 * worker reads.
 *
 * @param types of which it has handlers: of other types' own topics it reads none
 */
public record ShareGroupLags(Admin admin, Topics topics, Set<String> types) implements Lags {
  private static final Logger log = LoggerFactory.getLogger(ShareGroupLags.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  @Override
  public Map<String, Long> of(Set<String> queues) {
    Map<String, ListShareGroupOffsetsSpec> groups = new HashMap<>();
    queues.forEach(queue -> groups.put(topics.workerGroup(queue), new ListShareGroupOffsetsSpec()));
    ListShareGroupOffsetsResult asked = admin.listShareGroupOffsets(groups);
    Map<String, Long> lags = new HashMap<>();
    for (String queue : queues) {
      try {
        Set<String> read = read(queue);
        long lag =
            asked
                .partitionsToOffsetInfo(topics.workerGroup(queue))
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .entrySet()
                .stream()
                .filter(each -> read.contains(each.getKey().topic()))
                .map(Map.Entry::getValue)
                .flatMap(
                    info ->
                        Optional.ofNullable(info).flatMap(SharePartitionOffsetInfo::lag).stream())
                .mapToLong(Long::longValue)
                .sum();
        lags.put(queue, lag);
      } catch (ExecutionException | TimeoutException e) {
        log.debug("The lag of {} is not known now", queue, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return lags;
      }
    }
    return lags;
  }

  private Set<String> read(String queue) {
    Set<String> read = new HashSet<>();
    for (Priority priority : Priority.values()) {
      read.add(topics.tasks(queue, priority));
      types.forEach(type -> read.add(topics.own(queue, priority, type)));
    }
    return read;
  }
}
