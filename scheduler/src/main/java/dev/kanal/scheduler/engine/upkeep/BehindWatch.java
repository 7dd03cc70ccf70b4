package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.query.JobReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that shards of this node are not up to date, once they have not been for {@link
 * #QUIET}, and once that they are again. While Kafka is away they cannot be, which is said already.
 */
public final class BehindWatch {
  /** A shard that moves is behind for a moment, and that is no news. */
  static final Duration QUIET = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(BehindWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final JobReader reader;
  private final Supplier<Set<Integer>> behind;
  private final KafkaReach reach;

  private boolean everUpToDate;
  private boolean reported;
  private int looks;

  /**
   * @param behind the shards that are not up to date
   */
  public BehindWatch(JobReader reader, Supplier<Set<Integer>> behind, KafkaReach reach) {
    this.reader = reader;
    this.behind = behind;
    this.reach = reach;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper("kanal-behind", "see whether shards are up to date", EVERY, this::look);
  }

  private void look() {
    JobReader.Health health = reader.health();
    if (health.upToDate()) {
      if (reported) {
        log.info("All shards here are up to date again: {}", health.detail());
      }
      everUpToDate = true;
      reported = false;
      looks = 0;
    } else if (everUpToDate && reach.away() == null) {
      looks++;
      if (!reported && EVERY.multipliedBy(looks).compareTo(QUIET) >= 0) {
        reported = true;
        Instant since = health.behindSince();
        Set<Integer> shards = behind.get();
        log.warn(
            "Shards {} are not up to date since {}: their jobs wait ({})",
            shards.isEmpty() ? "of this node" : shards,
            since,
            health.detail());
      }
    }
  }
}
