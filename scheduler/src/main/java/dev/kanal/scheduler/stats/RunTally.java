package dev.kanal.scheduler.stats;

/**
 * What ended, and how long it took. Belongs to one thread.
 *
 * <p>Only grows; what was in between is given by {@link #since}.
 */
public final class RunTally {
  private final Ends ends;
  private final Histogram waits;
  private final Histogram runs;
  private final Histogram totals;

  /**
   * Ends.
   *
   * @param succeeded jobs
   * @param dead jobs
   * @param failed attempts
   */
  public record Ends(long succeeded, long dead, long failed) {
    public static final Ends NONE = new Ends(0, 0, 0);

    public Ends plus(Ends other) {
      return new Ends(succeeded + other.succeeded, dead + other.dead, failed + other.failed);
    }

    private Ends since(Ends before) {
      return new Ends(
          Math.max(0, succeeded - before.succeeded),
          Math.max(0, dead - before.dead),
          Math.max(0, failed - before.failed));
    }
  }

  public RunTally(Ends ends, Histogram waits, Histogram runs, Histogram totals) {
    this.ends = ends;
    this.waits = waits;
    this.runs = runs;
    this.totals = totals;
  }

  public static RunTally none() {
    return new RunTally(Ends.NONE, new Histogram(), new Histogram(), new Histogram());
  }

  public Ends ends() {
    return ends;
  }

  /** From when an attempt might have started to its start: blocked, then queued. */
  public Histogram waits() {
    return waits;
  }

  /** From an attempt's start to its end. */
  public Histogram runs() {
    return runs;
  }

  /** From when a job was first to start to its end. */
  public Histogram totals() {
    return totals;
  }

  /** Both together. */
  public RunTally plus(RunTally other) {
    RunTally sum =
        new RunTally(ends.plus(other.ends), new Histogram(), new Histogram(), new Histogram());
    sum.waits.add(waits);
    sum.waits.add(other.waits);
    sum.runs.add(runs);
    sum.runs.add(other.runs);
    sum.totals.add(totals);
    sum.totals.add(other.totals);
    return sum;
  }

  public RunTally since(RunTally before) {
    return new RunTally(
        ends.since(before.ends),
        waits.since(before.waits),
        runs.since(before.runs),
        totals.since(before.totals));
  }
}
