package dev.kanal.scheduler.engine;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.scheduler.engine.Transitions.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of the engine: reads the log record by record, decides, writes, and lets the
 * effects out. State is a pure function of the log's prefix. Belongs to one thread.
 *
 * <p>A decision that throws harms one job: its input goes to quarantine, the job becomes {@code
 * DEAD (engine-error)}, and the shard goes on.
 */
final class Shard {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);

  /** When a timer of something other than a job, whose decision failed, is tried again. */
  private static final long AGAIN_MS = 60_000;

  private final int number;
  private final Store store;
  private final Outside outside;
  private final Decider decider;
  private final EngineRules rules;
  private final Transitions transitions = new Transitions();
  private final Map<String, Counts> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> submitted = new ConcurrentHashMap<>();

  /** Queues whose counts by gate stand in no row yet, as release 0.1.0 wrote it. */
  private final List<String> uncounted = new ArrayList<>();

  private final Fronts fronts = new Fronts();
  private Meta meta;
  private long nextTimerMs;
  private long leases;
  private boolean bulks;

  /** Whether a step left something over, and no tick has been read since. */
  private boolean more;

  Shard(int number, Store store, Outside outside, Decider decider, EngineRules rules) {
    this.number = number;
    this.store = store;
    this.outside = outside;
    this.decider = decider;
    this.rules = rules;
    this.meta = RowCodec.decodeMeta(store.get(Keys.META));
    Bytes from = Keys.firstCounts();
    store.scan(from, Keys.endOf(from), this::loadCounts);
    nextTimerMs = firstTimerMs();
    bulks = !all(Keys.firstBulkWalk()).isEmpty();
    more =
        bulks
            || Stream.of(
                    Keys.firstWalk(),
                    Keys.firstKeyWalk(),
                    Keys.firstQueueWalk(),
                    TypeKeys.firstWalk(),
                    Keys.firstChildWalk())
                .anyMatch(first -> !all(first).isEmpty());
  }

  long appliedOffset() {
    return meta.offset();
  }

  /** The time of the log at that offset. */
  long nowMs() {
    return meta.nowMs();
  }

  /** The queues of which there are or were jobs; grows, and may be read by any thread. */
  Set<String> queues() {
    return Collections.unmodifiableSet(counts.keySet());
  }

  /** How many jobs have come new to the queue since the shard was opened; for any thread. */
  long submitted(String queue) {
    LongAdder mine = submitted.get(queue);
    return mine == null ? 0 : mine.sum();
  }

  /** Applies the record at {@code offset}; what was applied before is skipped. */
  void apply(byte @Nullable [] record, long offset, long timeMs) {
    if (offset <= meta.offset()) {
      return;
    }
    meta = meta.at(offset, Math.max(meta.nowMs(), timeMs));
    uncounted.forEach(queue -> count(queue, new Counts()));
    uncounted.clear();
    byte[] bytes = record == null ? new byte[0] : record;
    LogEntry entry = read(bytes);
    if (entry instanceof Tick) {
      more = false;
    }
    if (entry != null) {
      run(new Input.Entry(entry), bytes);
      if (entry instanceof Tick) {
        tick();
      }
    }
    store.put(Keys.META, RowCodec.encode(meta));
    if (more) {
      outside.accept(new Effect.Continue());
    }
  }

  /**
   * When the next tick is wanted: the time of the first timer, at once if a step left something
   * over, within a second while a lease is held or a bulk action goes on.
   */
  long nextTickMs() {
    long next = more ? 0 : nextTimerMs;
    return leases > 0 || bulks
        ? Math.min(next, meta.tickMs() + rules.tickGap().toMillis() / 2)
        : next;
  }

  private @Nullable LogEntry read(byte[] bytes) {
    try {
      LogEntry entry = LogCodec.decode(bytes);
      if (entry instanceof Submit submit && submit.job().shard() != number) {
        throw new UnreadableException(
            "Expected a job of shard " + number + ", but found one of " + submit.job().shard());
      }
      return entry;
    } catch (UnreadableException e) {
      outside.quarantine(bytes, reason(e));
      return null;
    }
  }

  /** Handles what is due and what waits for lanes, up to the bounds of one step. */
  private void tick() {
    int left = fireTimers(rules.itemsMax());
    left = resend(left);
    left = walk(Keys.firstKeyWalk(), Shard::keyWalk, left);
    left = walk(Keys.firstQueueWalk(), walk -> new Input.QueueWalk(Keys.text(walk)), left);
    left = walk(TypeKeys.firstWalk(), Shard::typeWalk, left);
    left = walk(Keys.firstChildWalk(), walk -> new Input.ChildWalk(Keys.indexedJob(walk)), left);
    left = bulk(left);
    more |= left <= 0;
    nextTimerMs = firstTimerMs();
  }

  private int fireTimers(int atMost) {
    Bytes from = Keys.timersFrom(meta.timerMs());
    Bytes to = Keys.timersFrom(meta.nowMs() + 1);
    if (from.compareTo(to) >= 0) {
      return atMost;
    }
    List<Bytes> timers = new ArrayList<>();
    List<Fired> due = new ArrayList<>();
    store.scan(
        from,
        to,
        (key, value) -> {
          timers.add(key);
          addDue(due, key, value);
          return due.size() < atMost;
        });
    boolean all = due.size() < atMost;
    meta = meta.firedBefore(all ? meta.nowMs() + 1 : Keys.timerDue(timers.getLast()));
    timers.forEach(store::delete);
    due.forEach(each -> run(each.input, each.timer.get()));
    return Math.max(0, atMost - due.size());
  }

  private static void addDue(List<Fired> due, Bytes timer, byte[] value) {
    TimerKind kind = Keys.timerKind(timer);
    if (kind == TimerKind.FORGET) {
      for (JobId job : RowCodec.decodeJobs(value)) {
        due.add(new Fired(timer, new Input.Due(TimerKind.RETENTION, job)));
      }
    } else if (kind.isOfJob()) {
      due.add(new Fired(timer, new Input.Due(kind, Keys.timerJob(timer))));
    } else {
      due.add(new Fired(timer, new Input.SubjectDue(kind, Keys.timerSubject(timer))));
    }
  }

  private record Fired(Bytes timer, Input input) {}

  /** Sends again what was sent to topics that are gone. */
  private int resend(int atMost) {
    int left = atMost;
    for (Bytes walk : all(Keys.firstWalk())) {
      Lane lane = Keys.walkLane(walk);
      long before = RowCodec.decodeNumber(Objects.requireNonNull(store.get(walk), "walk"));
      left = resend(Keys.queuedFrom(lane, 0), Keys.queuedFrom(lane, before), left);
      if (left <= 0) {
        return 0;
      }
      store.delete(walk);
    }
    return left;
  }

  private int resend(Bytes from, Bytes to, int atMost) {
    if (atMost <= 0 || from.compareTo(to) >= 0) {
      return atMost;
    }
    List<Bytes> found = new ArrayList<>();
    store.scan(from, to, (key, _) -> found.add(key) && found.size() < atMost);
    for (Bytes key : found) {
      run(new Input.Resend(Keys.indexedJob(key)), key.get());
    }
    return atMost - found.size();
  }

  /** Lets blocked jobs go, one by one, until a walk's row is gone. */
  private int walk(Bytes first, Function<Bytes, Input> input, int atMost) {
    int left = atMost;
    for (Bytes walk : all(first)) {
      while (left > 0 && store.get(walk) != null) {
        run(input.apply(walk), walk.get());
        left--;
      }
    }
    return left;
  }

  /** Lets bulk actions take their next jobs, each in a step of its own. */
  private int bulk(int atMost) {
    int left = atMost;
    for (Bytes walk : all(Keys.firstBulkWalk())) {
      if (left <= 0) {
        break;
      }
      BulkWalk bulk = BulkWalk.of(store, Keys.indexedJob(walk));
      for (JobId job : bulk.next(Math.ceilDiv(left, bulk.jobCost()))) {
        byte[] before = store.get(Keys.job(job));
        boolean decided = run(bulk.command(job), walk.get());
        boolean changed = !Arrays.equals(before, store.get(Keys.job(job)));
        bulk.note(decided, changed);
      }
      left -= bulk.cost();
      run(new Input.BulkTaken(bulk.taken()), walk.get());
    }
    bulks = !all(Keys.firstBulkWalk()).isEmpty();
    more |= bulks;
    return left;
  }

  private static Input keyWalk(Bytes walk) {
    return new Input.KeyWalk(Keys.keyWalkQueue(walk), Keys.keyWalkKey(walk));
  }

  private static Input typeWalk(Bytes walk) {
    return new Input.TypeWalk(TypeKeys.walkLane(walk), TypeKeys.walkType(walk));
  }

  private List<Bytes> all(Bytes first) {
    List<Bytes> found = new ArrayList<>();
    store.scan(first, Keys.endOf(first), (key, _) -> found.add(key));
    return found;
  }

  /** Answers whether it could be decided. */
  private boolean run(Input input, byte[] raw) {
    Step step = new Step(store, meta, fronts);
    boolean decided = false;
    try {
      decider.decide(step, input);
      decided = true;
    } catch (RuntimeException e) {
      log.error("Expected to decide at {} ({}), but it failed", meta.offset(), input.job(), e);
      outside.quarantine(raw, reason(e));
      step = giveUp(input);
    }
    write(step);
    return decided;
  }

  /** A step that does no more than what has to be done about an input that failed. */
  private Step giveUp(Input input) {
    Step step = end(input);
    try {
      decider.conclude(step);
      return step;
    } catch (RuntimeException e) {
      log.error("Expected to end job {}, but others could not be told", input.job(), e);
      return end(input);
    }
  }

  /** Ends the input's job if it has one, and sees to it that its successors are not held up. */
  private Step end(Input input) {
    Step step = new Step(store, meta, fronts);
    LogEntry entry = input instanceof Input.Entry(var each) ? each : null;
    if (entry instanceof Relayed relayed) {
      if (!RelayDecisions.take(step, relayed)) {
        return step;
      }
      entry = relayed.entry();
    }
    if (input instanceof Input.SubjectDue(var kind, var subject)) {
      step.arm(meta.nowMs() + AGAIN_MS, kind, subject);
    }
    JobId id = input.job();
    JobRow row = id == null ? null : step.job(id);
    if (row == null && entry instanceof Submit submit) {
      long now = meta.nowMs();
      row = JobRow.of(submit.job(), submit.spec(), submit.trace(), now, now);
    }
    if (row != null && !row.state().isFinal()) {
      Change change = Change.of(row);
      transitions.finish(step, change, JobState.DEAD, Reason.ENGINE_ERROR);
    }
    return step;
  }

  private void write(Step step) {
    meta = step.meta();
    fronts.moveTo(step.further());
    step.changes()
        .forEach(
            (key, value) -> {
              if (value == null) {
                store.delete(key);
              } else {
                store.put(key, value);
                bulks |= Keys.isBulkWalk(key);
                nextTimerMs = Math.min(nextTimerMs, Keys.dueOrNever(key));
              }
            });
    step.countChanges().forEach(this::count);
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Continue) {
        more = true;
      } else {
        outside.accept(effect);
      }
    }
  }

  private void count(String queue, Counts change) {
    Counts mine = counts.computeIfAbsent(queue, _ -> new Counts());
    leases -= held(mine);
    mine.addAll(change);
    leases += held(mine);
    store.put(Keys.counts(queue), RowCodec.encode(mine));
    if (change.submitted() > 0) {
      submitted.computeIfAbsent(queue, _ -> new LongAdder()).add(change.submitted());
    }
  }

  private static long held(Counts queue) {
    return queue.of(JobState.RUNNING) + queue.lingering();
  }

  private boolean loadCounts(Bytes key, byte[] value) {
    Counts loaded = RowCodec.decodeCounts(value);
    String queue = Keys.countsQueue(key);
    if (!loaded.gatesKnown()) {
      loaded.countGates(store, queue);
      uncounted.add(queue);
    }
    counts.put(queue, loaded);
    leases += held(loaded);
    return true;
  }

  private long firstTimerMs() {
    Bytes from = Keys.timersFrom(meta.timerMs());
    long[] first = {Long.MAX_VALUE};
    store.scan(
        from,
        Keys.endOf(from),
        (key, _) -> {
          first[0] = Keys.timerDue(key);
          return false;
        });
    return first[0];
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
