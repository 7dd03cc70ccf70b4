package dev.kanal.common.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.ALTER_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import dev.kanal.common.channel.Topics;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Everything that a role must be allowed in Kafka, and nothing more. */
public final class Needs {

  private Needs() {}

  /** What the API and the engine do. */
  public static List<Need> ofScheduler(Topics topics) {
    String engine = topics.engine() + "-";
    String tasks = topics.tasksPrefix();
    return List.of(
        prefixed(TOPIC, topics.prefix() + ".", CREATE, "makes its topics and those of queues"),
        need(TOPIC, topics.log(), READ, "the engine's input"),
        need(TOPIC, topics.log(), WRITE, "submits, commands, ticks"),
        need(TOPIC, topics.log(), DELETE, "deletes what is read and a day old"),
        need(TOPIC, topics.control(), WRITE, "speaks to the workers"),
        need(TOPIC, topics.queues(), READ, "follows the queues' settings"),
        need(TOPIC, topics.queues(), WRITE, "publishes the queues' settings"),
        need(TOPIC, topics.workers(), READ, "knows the workers"),
        need(TOPIC, topics.lifecycle(), WRITE, "tells every transition"),
        need(TOPIC, topics.quarantine(), READ, "lists what was put aside"),
        need(TOPIC, topics.quarantine(), WRITE, "puts bad input aside"),
        prefixed(TOPIC, tasks, WRITE, "sends tasks"),
        prefixed(TOPIC, tasks, ALTER, "gives a queue more partitions"),
        prefixed(TOPIC, tasks, DELETE, "deletes settled tasks, and the topics of deleted queues"),
        prefixed(TOPIC, engine, CREATE, "the changelog of the engine's state"),
        prefixed(TOPIC, engine, READ, "restores the engine's state"),
        prefixed(TOPIC, engine, WRITE, "keeps the engine's state"),
        need(GROUP, topics.engine(), READ, "divides the shards among the schedulers"),
        prefixed(GROUP, tasks, DESCRIBE, "sees how far the workers have come"),
        prefixed(GROUP, tasks, ALTER_CONFIGS, "sets up a queue's share group"),
        prefixed(TRANSACTIONAL_ID, engine, WRITE, "commits state and events together"));
  }

  /** What a worker does. */
  public static List<Need> ofWorker(Topics topics) {
    String tasks = topics.tasksPrefix();
    return List.of(
        need(TOPIC, topics.log(), WRITE, "outcomes, leases, children"),
        need(TOPIC, topics.control(), READ, "hears of cancels"),
        need(TOPIC, topics.queues(), READ, "follows the queues' settings"),
        need(TOPIC, topics.workers(), READ, "knows what other workers run"),
        need(TOPIC, topics.workers(), WRITE, "reports its state"),
        need(TOPIC, topics.quarantine(), WRITE, "puts unreadable tasks aside"),
        prefixed(TOPIC, tasks, READ, "takes tasks"),
        prefixed(GROUP, tasks, READ, "joins the queues' share groups"),
        prefixed(GROUP, tasks, ALTER_CONFIGS, "sets up a queue's share group"));
  }

  /** What a process does that is scheduler and worker in one. */
  public static List<Need> ofBoth(Topics topics) {
    return Stream.concat(ofScheduler(topics).stream(), ofWorker(topics).stream()).toList();
  }

  private static Need need(ResourceType type, String name, AclOperation operation, String why) {
    return new Need(type, name, false, operation, why);
  }

  private static Need prefixed(ResourceType type, String name, AclOperation operation, String why) {
    return new Need(type, name, true, operation, why);
  }
}
