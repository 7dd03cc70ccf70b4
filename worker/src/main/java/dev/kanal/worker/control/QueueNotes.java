package dev.kanal.worker.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker goes by of the queues' published settings: which are paused, and their weights.
 * Usable from any thread.
 */
public final class QueueNotes {
  /** Of queues beyond this many that are paused or have a weight of their own nothing is noted. */
  public static final int MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(QueueNotes.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Note NOTHING = new Note(false, 1);

  private final Map<String, Note> notes = new ConcurrentHashMap<>();
  private volatile boolean known;

  private record Note(boolean paused, int weight) {}

  /** Whether the settings of all queues were read once. */
  public boolean known() {
    return known;
  }

  public boolean isPaused(String queue) {
    return of(queue).paused;
  }

  /** The queue's share of a worker's slots against other queues. */
  public int weight(String queue) {
    return of(queue).weight;
  }

  /** The settings were read up to what there was. */
  void readOnce() {
    known = true;
  }

  /**
   * The queue's settings are so now.
   *
   * @param settings as JSON; null if there is no such queue
   */
  void told(String queue, byte @Nullable [] settings) {
    Note note = settings == null ? NOTHING : read(queue, settings);
    if (note.equals(NOTHING)) {
      notes.remove(queue);
    } else if (notes.size() < MAX || notes.containsKey(queue)) {
      notes.put(queue, note);
    } else {
      log.warn("There are more than {} queues with notes; {} counts as any other", MAX, queue);
    }
  }

  private Note of(String queue) {
    return notes.getOrDefault(queue, NOTHING);
  }

  private Note read(String queue, byte[] settings) {
    try {
      JsonNode json = JSON.readTree(settings);
      int weight = Math.max(1, json.path("weight").asInt(1));
      return new Note(json.path("paused").asBoolean(false), weight);
    } catch (IOException e) {
      log.warn("The settings of queue {} cannot be read and change nothing here", queue, e);
      return of(queue);
    }
  }
}
