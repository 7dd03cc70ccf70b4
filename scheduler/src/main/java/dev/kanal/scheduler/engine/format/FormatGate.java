package dev.kanal.scheduler.engine.format;

import dev.kanal.common.log.LogFormat;
import java.time.Duration;
import java.util.Collection;
import java.util.TreeMap;

/**
 * Decides which format logs may have, from looks at the live schedulers: one that all of them have
 * read for long enough, and that this one reads. No clock of its own. Belongs to one thread.
 */
final class FormatGate {
  /** What happened between two looks that are further apart is not known. */
  static final Duration GAP = Duration.ofSeconds(5);

  private static final int FIRST = LogFormat.JOBS.number();

  private final FormatRules rules;

  /** By format, for those that all schedulers read: since when, in nanoseconds. */
  private final TreeMap<Integer, Long> since = new TreeMap<>();

  private boolean looked;
  private long lookedNanos;

  FormatGate(FormatRules rules) {
    this.rules = rules;
  }

  /**
   * A look.
   *
   * @param members the number of the newest format that each live scheduler reads; if there is
   *     none, as while a group comes up, nothing is known of any
   * @param nanos of the look; grows
   */
  void saw(Collection<Integer> members, long nanos) {
    if (looked && nanos - lookedNanos > GAP.toNanos()) {
      since.clear();
    }
    looked = true;
    lookedNanos = nanos;
    int common = members.stream().mapToInt(Integer::intValue).min().orElse(FIRST);
    int all = Math.min(common, rules.reads().number());
    since.tailMap(all, false).clear();
    for (int format = FIRST + 1; format <= all; format++) {
      since.putIfAbsent(format, nanos);
    }
  }

  /** The number of the newest format that all schedulers read at the last look. */
  int readByAll() {
    return since.isEmpty() ? FIRST : since.lastKey();
  }

  /** The number of the newest that they had read for long enough by then. */
  int settled() {
    return since.descendingMap().entrySet().stream()
        .filter(each -> lookedNanos - each.getValue() >= rules.settled().toNanos())
        .findFirst()
        .map(each -> each.getKey())
        .orElse(FIRST);
  }
}
