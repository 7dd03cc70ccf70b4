package dev.kanal.worker.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queues that are paused, by their published settings. Usable from any thread. */
public final class PausedQueues {
  /** Paused queues beyond this many are not remembered. */
  public static final int MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(PausedQueues.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> paused = ConcurrentHashMap.newKeySet();
  private volatile boolean known;

  /** Whether the settings of all queues were read once. */
  public boolean known() {
    return known;
  }

  public boolean contains(String queue) {
    return paused.contains(queue);
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
    if (settings == null || !isPaused(queue, settings)) {
      paused.remove(queue);
    } else if (paused.size() < MAX) {
      paused.add(queue);
    } else {
      log.warn("There are more than {} paused queues; {} is taken from", MAX, queue);
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
