package dev.kanal.worker.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides a worker's slots among its queues: weighted max-min fairness. No queue gets more than it
 * wants; what one leaves goes to the others by their weights. Pure.
 */
final class SlotSplit {
  private SlotSplit() {}

  /**
   * The claim of a queue.
   *
   * @param floor what it gets in any case
   * @param wanted at least the floor
   * @param taken what it has now; taken slots come back only when their tasks end
   */
  record Claim(int weight, int floor, int wanted, int taken) {
    Claim {
      if (weight < 1 || floor < 1 || wanted < floor || taken < 0) {
        throw new IllegalArgumentException(
            "Expected a weight and a floor of 1 or more, and no less wanted than the floor, but got"
                + " "
                + "weight %d, floor %d, wanted %d, taken %d"
                    .formatted(weight, floor, wanted, taken));
      }
    }
  }

  /** The floor of each of {@code queues}: what is set, but no more than an equal part. */
  static int floor(int min, int total, int queues) {
    return Math.max(1, Math.min(min, total / Math.max(1, queues)));
  }

  /**
   * A size for each claim, in order. Their sum is at most {@code total}, or that of the floors; and
   * slots that others still have are not promised again.
   */
  static List<Integer> divide(int total, List<Claim> claims) {
    long[] sizes = fill(total, claims);
    long promised = 0;
    long growth = 0;
    for (int i = 0; i < sizes.length; i++) {
      Claim claim = claims.get(i);
      promised += Math.max(sizes[i], claim.taken);
      growth += growth(sizes[i], claim);
    }
    long over = Math.min(growth, promised - total);
    List<Integer> divided = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      long cut = over <= 0 ? 0 : Math.ceilDiv(growth(sizes[i], claims.get(i)) * over, growth);
      divided.add((int) (sizes[i] - cut));
    }
    return divided;
  }

  /** What a size promises beyond what is taken or guaranteed. */
  private static long growth(long size, Claim claim) {
    return Math.max(0, size - Math.max(claim.taken, claim.floor));
  }

  /**
   * Water filling: in each round the claims that want no more than their part get what they want.
   */
  private static long[] fill(int total, List<Claim> claims) {
    long[] sizes = new long[claims.size()];
    long left = total;
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = claims.get(i).floor;
      left -= sizes[i];
      open.add(i);
    }
    open.removeIf(i -> claims.get(i).wanted == claims.get(i).floor);
    while (left > 0 && !open.isEmpty()) {
      long weights = open.stream().mapToLong(i -> claims.get(i).weight).sum();
      long round = left;
      for (int i : open) {
        Claim claim = claims.get(i);
        long part = Math.max(1, round * claim.weight / weights);
        long more = Math.min(Math.min(part, claim.wanted - sizes[i]), left);
        sizes[i] += more;
        left -= more;
      }
      open.removeIf(i -> sizes[i] >= claims.get(i).wanted);
    }
    return sizes;
  }
}
