package dev.kanal.worker.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the queues' published settings that a worker uses: which are paused, their weights,
 * and what holds for jobs that handlers submit. Usable from any thread.
 */
public final class QueueNotes {
  /** At most this many queues that are paused or have a weight of their own are noted. */
  public static final int MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(QueueNotes.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Note NOTHING = new Note(false, 1);

  private final Map<String, Note> notes = new ConcurrentHashMap<>();
  private final Map<String, QueueSettings> settings = new ConcurrentHashMap<>();
  private volatile boolean known;
  private volatile Runnable listener = () -> {};

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

  /** The known settings of a queue. */
  public @Nullable QueueSettings settings(String queue) {
    return settings.get(queue);
  }

  /** The listener is called on the reader's thread after each change since the start. */
  public void onChange(Runnable changed) {
    listener = changed;
  }

  /** There is a queue, or a topic of one, that was not there before. */
  void queueMade() {
    listener.run();
  }

  /** The settings that existed at the start have been read. */
  void readOnce() {
    if (!known) {
      known = true;
      listener.run();
    }
  }

  /**
   * The queue's settings have changed.
   *
   * @param said its settings as JSON; null if there is no such queue
   */
  void take(String queue, byte @Nullable [] said) {
    if (said == null) {
      settings.remove(queue);
    } else {
      remember(queue, said);
    }
    Note note = said == null ? NOTHING : read(queue, said);
    if (note.equals(NOTHING)) {
      notes.remove(queue);
    } else if (notes.size() < MAX || notes.containsKey(queue)) {
      notes.put(queue, note);
    } else {
      log.warn("There are more than {} queues with notes; {} counts as any other", MAX, queue);
    }
    if (known) {
      listener.run();
    }
  }

  private void remember(String queue, byte[] said) {
    try {
      QueueSettings all = QueueSettingsJson.read(said).settings();
      if (all != null && (settings.size() < MAX || settings.containsKey(queue))) {
        settings.put(queue, all);
      }
    } catch (UnreadableException e) {
      log.debug("The settings of queue {} cannot be read and are left as they were", queue, e);
    }
  }

  private Note of(String queue) {
    return notes.getOrDefault(queue, NOTHING);
  }

  private Note read(String queue, byte[] said) {
    try {
      JsonNode json = JSON.readTree(said);
      int weight = Math.max(1, json.path("weight").asInt(1));
      return new Note(json.path("paused").asBoolean(false), weight);
    } catch (IOException e) {
      log.warn("The settings of queue {} cannot be read and change nothing here", queue, e);
      return of(queue);
    }
  }
}
