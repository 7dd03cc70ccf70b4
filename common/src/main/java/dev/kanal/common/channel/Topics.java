package dev.kanal.common.channel;

import dev.kanal.common.job.Priority;

/**
 * The names of all topics, groups and transactional ids of one installation.
 *
 * @param prefix stands before each of them, so that several installations share a cluster
 */
public record Topics(String prefix) {
  /** Every input of the engine; one partition a shard; private. */
  public String log() {
    return prefix + ".log";
  }

  /** What the engine tells all workers; private. */
  public String control() {
    return prefix + ".control";
  }

  /** The settings of every queue, by name; compacted; public. */
  public String queues() {
    return prefix + ".queues";
  }

  /** What every worker says of itself, by worker; compacted; public. */
  public String workers() {
    return prefix + ".workers";
  }

  /** Every transition of every job; public. */
  public String lifecycle() {
    return prefix + ".lifecycle";
  }

  /** Records that could not be read or decided about. */
  public String quarantine() {
    return prefix + ".quarantine";
  }

  /** What the topics of all queues begin with. */
  public String tasksPrefix() {
    return prefix + ".tasks.";
  }

  /** The topic of one queue's tasks of one priority. */
  public String tasks(String queue, Priority priority) {
    return tasksPrefix() + queue + "." + priority.text();
  }

  /** The queue of which this is a tasks' topic. */
  public static String queueOf(String tasksTopic) {
    int end = tasksTopic.lastIndexOf('.');
    return tasksTopic.substring(tasksTopic.lastIndexOf('.', end - 1) + 1, end);
  }

  /** The share group that reads a queue's topics. */
  public String workerGroup(String queue) {
    return tasksPrefix() + queue;
  }

  /** Group, transactional id prefix and changelog prefix of the engine. */
  public String engine() {
    return prefix + "-engine";
  }
}
