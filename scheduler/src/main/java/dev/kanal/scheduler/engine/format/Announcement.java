package dev.kanal.scheduler.engine.format;

import dev.kanal.common.log.LogFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest format that a scheduler reads, as a part of its instance id in the engine's group: it
 * is there for as long as the scheduler is a member, and no longer. Schedulers of the first
 * releases announce nothing, and look at nobody's id; so does one that reads no more than they do.
 */
public final class Announcement {
  private static final String MARK = ".reads-";

  /** Kafka Streams puts the number of a thread behind the id. */
  private static final Pattern INSTANCE =
      Pattern.compile(".*" + Pattern.quote(MARK) + "(\\d{1,6})-\\d+");

  private Announcement() {}

  /** A node's instance id. */
  public static String instance(String nodeId, LogFormat reads) {
    return reads == LogFormat.JOBS ? nodeId : nodeId + MARK + reads.number();
  }

  /**
   * The number of the newest format that a member reads.
   *
   * @param instance its instance id, as Kafka lists it; empty without one
   */
  static int of(Optional<String> instance) {
    return instance
        .map(INSTANCE::matcher)
        .filter(Matcher::matches)
        .map(found -> Integer.parseInt(found.group(1)))
        .orElse(LogFormat.JOBS.number());
  }
}
