package dev.kanal.worker.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.QueueSettingsJson;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The published settings of queues: which are paused, and the rest. Usable from any thread. */
public final class PausedQueues {
  /** Paused queues beyond this many are not remembered. */
  public static final int MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(PausedQueues.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> paused = ConcurrentHashMap.newKeySet();
  private final Map<String, QueueSettings> settings = new ConcurrentHashMap<>();
  private volatile boolean known;

  /** Whether the settings of all queues were read once. */
  public boolean known() {
    return known;
  }

  public boolean contains(String queue) {
    return paused.contains(queue);
  }

  /** What is known of a queue's settings. */
  public @Nullable QueueSettings settings(String queue) {
    return settings.get(queue);
  }

  /** The settings were read up to what there was. */
  void readOnce() {
    known = true;
  }

  /**
   * The queue's settings are so now.
   *
   * @param said its settings as JSON; null if there is no such queue
   */
  void told(String queue, byte @Nullable [] said) {
    if (said == null) {
      settings.remove(queue);
    } else {
      remember(queue, said);
    }
    if (said == null || !isPaused(queue, said)) {
      paused.remove(queue);
    } else if (paused.size() < MAX) {
      paused.add(queue);
    } else {
      log.warn("There are more than {} paused queues; {} is taken from", MAX, queue);
    }
  }

  private void remember(String queue, byte[] said) {
    try {
      QueueSettings read = QueueSettingsJson.read(said).settings();
      if (read != null && (settings.size() < MAX || settings.containsKey(queue))) {
        settings.put(queue, read);
      }
    } catch (UnreadableException e) {
      log.warn("The settings of queue {} cannot be read and are left as they were", queue, e);
    }
  }

  private boolean isPaused(String queue, byte[] settings) {
    try {
      return JSON.readTree(settings).path("paused").asBoolean(false);
    } catch (IOException e) {
      log.warn("The settings of queue {} cannot be read and change nothing here", queue, e);
      return paused.contains(queue);
    }
  }
}
