package dev.kanal.worker.lane;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.ShareSource;
import dev.kanal.common.channel.Source;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Opens share consumers of queues.
 *
 * @param kafka settings of the clients
 * @param worker its id is the prefix of their client ids
 */
public record ShareSources(
    Map<String, Object> kafka, Topics topics, WorkerRef worker, Ticker ticker) {
  public ShareSources {
    kafka = Map.copyOf(kafka);
  }

  /** The prefix of the client ids of a worker's members of share groups. */
  public static String clientIdsOf(String worker) {
    return worker + "-";
  }

  /**
   * @param own topics of the channel for single types, besides the one for all types
   */
  Source<Task> open(Channel channel, Set<String> own, int maxRecords) {
    List<String> read = new ArrayList<>(own);
    read.add(topics.tasks(channel.queue(), channel.priority()));
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(
        ConsumerConfig.CLIENT_ID_CONFIG,
        clientIdsOf(worker.toString()) + Thread.currentThread().getName());
    var options =
        new ShareSource.Options(settings, topics.workerGroup(channel.queue()), read, maxRecords);
    return new ShareSource<>(options, TaskRecords::decode, ticker);
  }
}
