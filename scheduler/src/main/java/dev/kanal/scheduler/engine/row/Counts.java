package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Lookup;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
public final class Counts {
  static final Codec<Counts> CODEC = Codec.of(Counts::write, Counts::read);

  private static final JobState[] STATES = JobState.values();
  private static final Priority[] PRIORITIES = Priority.values();
  private static final Gate[] GATES = Gate.values();

  private final long[] byState = new long[STATES.length];
  private final long[] queued = new long[Priority.values().length];
  private final long[] blocked = new long[Gate.values().length];
  private boolean gatesKnown = true;
  private long lingering;
  private long arrived;
  private long drained;
  private long submitted;

  /** A queue's counts as a shard's store has them. */
  public static Counts of(Lookup rows, String queue) {
    Counts counts = rows.get(Tables.COUNTS, queue);
    return counts == null ? new Counts() : counts;
  }

  public long of(JobState state) {
    return byState[state.code()];
  }

  /** How many jobs are in each state in which there are any. */
  public Map<JobState, Long> byState() {
    Map<JobState, Long> some = new EnumMap<>(JobState.class);
    for (JobState state : STATES) {
      if (of(state) != 0) {
        some.put(state, of(state));
      }
    }
    return some;
  }

  /** Jobs in other states than queued or running of which a run may still be out. */
  public long lingering() {
    return lingering;
  }

  /** Jobs that are blocked by a gate; only if {@link #gatesKnown}. */
  public long blocked(Gate gate) {
    return blocked[gate.code()];
  }

  /** False of a row that release 0.1.0 wrote while jobs were blocked. */
  public boolean gatesKnown() {
    return gatesKnown;
  }

  void forgetGates() {
    gatesKnown = false;
  }

  public void addBlocked(Gate gate, long count) {
    blocked[gate.code()] += count;
  }

  /** Counts the blocked jobs by gate again, from the lines in which they stand. */
  public void countGates(Rows rows, String queue) {
    Pair lines = new Pair(queue, "");
    long inLine = rows.count(Tables.LINES.all(lines), Long.MAX_VALUE);
    long byQueue = 0;
    for (Priority priority : PRIORITIES) {
      byQueue += rows.count(Tables.BLOCKED.all(new Channel(queue, priority)), Long.MAX_VALUE);
    }
    Arrays.fill(blocked, 0);
    addBlocked(Gate.KEY, inLine);
    addBlocked(Gate.QUEUE, byQueue);
    addBlocked(Gate.RUN, of(JobState.BLOCKED) - inLine - byQueue);
    gatesKnown = true;
  }

  /** Jobs of a priority that are queued. */
  public long queued(Priority priority) {
    return queued[priority.code()];
  }

  /** How many times a job has become queued since the queue began; again after a retry. */
  public long arrived() {
    return arrived;
  }

  /** How many times one that was queued or running has left both. */
  public long drained() {
    return drained;
  }

  /** How many jobs came new in one step; no row keeps it. */
  public long submitted() {
    return submitted;
  }

  public void addQueued(Priority priority, long count) {
    queued[priority.code()] += count;
  }

  public void addArrived(long count) {
    arrived += count;
  }

  public void addDrained(long count) {
    drained += count;
  }

  public void addSubmitted(long count) {
    submitted += count;
  }

  /** Jobs that count against the queue's concurrency. */
  public long out() {
    return of(JobState.QUEUED) + of(JobState.RUNNING) + lingering;
  }

  public void add(JobState state, long count) {
    byState[state.code()] += count;
  }

  public void addLingering(long count) {
    lingering += count;
  }

  public void addAll(Counts other) {
    for (int i = 0; i < byState.length; i++) {
      byState[i] += other.byState[i];
    }
    for (int i = 0; i < queued.length; i++) {
      queued[i] += other.queued[i];
    }
    for (int i = 0; i < blocked.length; i++) {
      blocked[i] += other.blocked[i];
    }
    lingering += other.lingering;
    arrived += other.arrived;
    drained += other.drained;
  }

  private static void write(BinaryWriter out, Counts counts) {
    for (JobState state : STATES) {
      out.putLong(counts.of(state));
    }
    out.putLong(counts.lingering());
    for (Priority priority : PRIORITIES) {
      out.putLong(counts.queued(priority));
    }
    out.putLong(counts.arrived()).putLong(counts.drained());
    if (counts.of(JobState.BLOCKED) != 0) {
      out.putByte(GATES.length);
      for (Gate gate : GATES) {
        out.putLong(counts.blocked(gate));
      }
    }
  }

  private static Counts read(BinaryReader in, int version) {
    Counts counts = new Counts();
    for (JobState state : STATES) {
      counts.add(state, in.getLong());
    }
    counts.addLingering(version == 1 ? 0 : in.getLong());
    if (version < 4) {
      counts.addQueued(Priority.NORMAL, counts.of(JobState.QUEUED));
    } else {
      for (Priority priority : PRIORITIES) {
        counts.addQueued(priority, in.getLong());
      }
      counts.addArrived(in.getLong());
      counts.addDrained(in.getLong());
    }
    readGates(in, counts);
    return counts;
  }

  /** Only where jobs are blocked, and behind all that release 0.1.0 wrote and reads. */
  private static void readGates(BinaryReader in, Counts counts) {
    if (in.atEnd()) {
      if (counts.of(JobState.BLOCKED) != 0) {
        counts.forgetGates();
      }
      return;
    }
    int gates = in.getByte();
    for (int code = 0; code < gates; code++) {
      long jobs = in.getLong();
      if (code < GATES.length) {
        counts.addBlocked(GATES[code], jobs);
      }
    }
  }
}
