package dev.kanal.scheduler.engine.format;

import dev.kanal.common.log.LogFormat;
import java.time.Duration;

/**
 * When logs get a newer format.
 *
 * @param reads the newest that this scheduler reads
 * @param settled for how long every live scheduler must have read a format before it is activated.
 *     Longer than a member's session, after which one that was killed is listed no more, and than a
 *     restart takes: an older scheduler that comes back later finds shards that it cannot open
 */
public record FormatRules(LogFormat reads, Duration settled) {
  public static final FormatRules DEFAULT =
      new FormatRules(LogFormat.NEWEST, Duration.ofSeconds(60));
}
