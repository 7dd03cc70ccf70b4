package dev.kanal.scheduler.queues;

import dev.kanal.common.worker.WorkerReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which types of a queue want a topic of their own. One that all of its workers run goes by the
 * topic that all share; one that only some run should come to those.
 */
final class OwnTopicRule {
  private OwnTopicRule() {}

  /** How tasks of a type come to who runs it. */
  enum Way {
    /** Every worker of the queue runs it: by the topic that all types share. */
    SHARED,
    /** Some do: by a topic of its own, which is to be made. */
    OWN,
    /** Some of those who do read no such topics: by the topic that all share. */
    UNREAD
  }

  /** The way of each type that a live worker of the queue runs. */
  static Map<String, Way> of(String queue, List<WorkerReport> live) {
    List<WorkerReport> takers = live.stream().filter(each -> each.takes(queue)).toList();
    Map<String, Integer> count = new TreeMap<>();
    Map<String, Way> ways = new TreeMap<>();
    for (WorkerReport taker : takers) {
      for (String type : taker.types()) {
        count.merge(type, 1, Integer::sum);
        if (!taker.ownTopics()) {
          ways.put(type, Way.UNREAD);
        }
      }
    }
    count.forEach(
        (type, runs) -> ways.putIfAbsent(type, runs < takers.size() ? Way.OWN : Way.SHARED));
    return ways;
  }
}
