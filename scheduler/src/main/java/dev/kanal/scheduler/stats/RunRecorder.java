package dev.kanal.scheduler.stats;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what ends on this node, by queue. Takes no lock, and allocates for a new queue only;
 * usable from any thread.
 */
public final class RunRecorder {
  /** Queues that are counted apart, about 13 KB each. */
  public static final int QUEUES_MAX = 100;

  /** Stands for all further queues; no queue can be called so. */
  public static final String OTHERS = "";

  private final long node;
  private final Map<String, Live> queues = new ConcurrentHashMap<>();

  /**
   * @param node distinguishes this recorder from that of any other start of any node
   */
  public RunRecorder(long node) {
    this.node = node;
  }

  /** An attempt that has run and ended. */
  public void attempt(String queue, long waitMs, long runMs) {
    Live live = of(queue);
    live.waits.getAndIncrement(Buckets.of(waitMs));
    live.runs.getAndIncrement(Buckets.of(runMs));
  }

  /** An attempt has failed, whether it has run or not. */
  public void failed(String queue) {
    of(queue).failed.increment();
  }

  /**
   * A job has succeeded or died.
   *
   * @param totalMs since it was first to start; negative if that is not to be counted
   */
  public void ended(String queue, boolean succeeded, long totalMs) {
    Live live = of(queue);
    (succeeded ? live.succeeded : live.dead).increment();
    if (totalMs >= 0) {
      live.totals.getAndIncrement(Buckets.of(totalMs));
    }
  }

  /** Everything counted so far. */
  public NodeRuns now() {
    Map<String, RunTally> all = new HashMap<>();
    queues.forEach((queue, live) -> all.put(queue, live.now()));
    return new NodeRuns(node, all);
  }

  private Live of(String queue) {
    Live known = queues.get(queue);
    if (known != null) {
      return known;
    }
    String name = queues.size() < QUEUES_MAX ? queue : OTHERS;
    return queues.computeIfAbsent(name, _ -> new Live());
  }

  private static final class Live {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLongArray waits = new AtomicLongArray(Buckets.COUNT);
    private final AtomicLongArray runs = new AtomicLongArray(Buckets.COUNT);
    private final AtomicLongArray totals = new AtomicLongArray(Buckets.COUNT);

    RunTally now() {
      return new RunTally(
          new RunTally.Ends(succeeded.sum(), dead.sum(), failed.sum()),
          Histogram.copy(waits),
          Histogram.copy(runs),
          Histogram.copy(totals));
    }
  }
}
