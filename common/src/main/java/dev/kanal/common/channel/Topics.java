package dev.kanal.common.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kanal.common.job.Priority;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of all topics, groups and transactional ids of one installation.
 *
 * @param prefix stands before each of them, so that several installations share a cluster
 */
public record Topics(String prefix) {
  /** The longest name of a topic. */
  private static final int NAME_MAX = 249;

  /** With the dash before it. */
  private static final int HASH_LENGTH = 13;

  /** Every input of the engine; one partition a shard; private. */
  public String log() {
    return prefix + ".log";
  }

  /** The engine's messages to all workers; private. */
  public String control() {
    return prefix + ".control";
  }

  /** The settings of every queue, by name; compacted; public. */
  public String queues() {
    return prefix + ".queues";
  }

  /** Every worker's report, by worker; compacted; public. */
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

  /** The prefix of the topics of all queues. */
  public String tasksPrefix() {
    return prefix + ".tasks.";
  }

  /** The topic of one queue's tasks of one priority. */
  public String tasks(String queue, Priority priority) {
    return tasksPrefix() + queue + "." + priority.text();
  }

  /**
   * The topic of its own that a type of a queue has, beside the one that all types share. Its name
   * ends in the type as far as a topic's name can hold it.
   */
  public String own(String queue, Priority priority, String type) {
    String start = tasks(queue, priority) + "-";
    StringBuilder plain = new StringBuilder(type.length());
    type.chars().forEach(c -> plain.append(isPlain((char) c) ? (char) c : '-'));
    int room = Math.max(HASH_LENGTH, NAME_MAX - start.length());
    if (plain.length() <= room && plain.toString().equals(type)) {
      return start + type;
    }
    plain.setLength(Math.min(plain.length(), room - HASH_LENGTH));
    return start + plain + "-" + hash(type);
  }

  /** Whether this is the topic of its own of some type of the queue. */
  public boolean isOwn(String topic, String queue, Priority priority) {
    return topic.startsWith(tasks(queue, priority) + "-");
  }

  /** The queue of which this is the topic that all types of one priority share. */
  public Optional<String> queueOfShared(String topic) {
    int dot = topic.lastIndexOf('.');
    String priority = topic.substring(dot + 1);
    boolean shared = Stream.of(Priority.values()).anyMatch(each -> each.text().equals(priority));
    return topic.startsWith(tasksPrefix()) && dot > tasksPrefix().length() && shared
        ? Optional.of(topic.substring(tasksPrefix().length(), dot))
        : Optional.empty();
  }

  /** Not the dot: what stands before the last one is the queue. */
  private static boolean isPlain(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }

  private static String hash(String type) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(type.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_LENGTH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 in every Java, but it is not here", e);
    }
  }

  /** The queue of which this is a task topic. */
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
