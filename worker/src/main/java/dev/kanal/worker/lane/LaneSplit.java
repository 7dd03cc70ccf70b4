package dev.kanal.worker.lane;

import dev.kanal.common.channel.Channel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Divides the lanes of a worker among its channels: each has one, and further ones go to the
 * busiest, one by one, each to the channel whose lanes have the most to do.
 */
final class LaneSplit {
  /** The most lanes beside the first of each channel; two threads and a member each. */
  static final int FURTHER_MOST = 256;

  /** How many times as much another must have to do to be given a lane that a channel has. */
  private static final int TIMES_AS_BUSY = 2;

  private static final Comparator<Standing> MOST_TO_DO =
      Comparator.comparingDouble(Standing::load)
          .reversed()
          .thenComparing(each -> each.claim.channel.toString());

  private LaneSplit() {}

  /**
   * A channel with lanes.
   *
   * @param wished lanes, at least 1
   * @param has lanes now
   * @param perSecond tasks that come in a second
   */
  record Claim(Channel channel, int wished, int has, double perSecond) {}

  /** A claim that has been given this many lanes, and wishes for more. */
  private record Standing(Claim claim, int given) {
    double load() {
      double each = claim.perSecond / given;
      return given < claim.has ? TIMES_AS_BUSY * each : each;
    }
  }

  /**
   * The lanes of each channel.
   *
   * @param further how many there may be beside the first of each
   */
  static Map<Channel, Integer> divide(int further, List<Claim> claims) {
    Map<Channel, Integer> given = new HashMap<>();
    PriorityQueue<Standing> line = new PriorityQueue<>(MOST_TO_DO);
    for (Claim claim : claims) {
      given.put(claim.channel, 1);
      enter(new Standing(claim, 1), line);
    }
    for (int left = further; left > 0 && !line.isEmpty(); left--) {
      Standing next = line.remove();
      given.put(next.claim.channel, next.given + 1);
      enter(new Standing(next.claim, next.given + 1), line);
    }
    return given;
  }

  private static void enter(Standing standing, PriorityQueue<Standing> line) {
    if (standing.given < standing.claim.wished) {
      line.add(standing);
    }
  }
}
