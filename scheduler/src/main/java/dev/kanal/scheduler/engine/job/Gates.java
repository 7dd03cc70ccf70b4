package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED;
import static dev.kanal.scheduler.engine.row.Tables.KEYS;
import static dev.kanal.scheduler.engine.row.Tables.KEY_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.LINES;
import static dev.kanal.scheduler.engine.row.Tables.QUEUE_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.READY;
import static dev.kanal.scheduler.engine.row.Tables.TOKENS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.TokenBucket;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.Index.Place;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way of a job to its worker, past four gates in this order.
 *
 * <pre>
 *   enter ──▶ key ──▶ time ──▶ type ──▶ queue ──▶ sent
 *              │       │        │         │
 *           BLOCKED SCHEDULED BLOCKED   BLOCKED
 * </pre>
 *
 * A job that has passed its key keeps the key's place while it waits at the others and for its next
 * attempts. What a job gives up is passed on in the same step, as far as a few jobs go; the rest is
 * left to the ticks.
 */
public final class Gates {
  /** How many jobs are let through at once by one that gives something up. */
  private static final int AT_ONCE = 4;

  /** Log offsets that are searched for a blocked job at first, and how many times as many next. */
  private static final int WINDOW = 64;

  private static final int WIDER = 8;

  /** Before a task that could not be sent is sent again; doubled with each try. */
  private static final long AGAIN_MS = 1_000;

  /** At most this many times as long. */
  private static final int AGAIN_DOUBLED_MAX = 5;

  private final Transitions transitions;

  public Gates(Transitions transitions) {
    this.transitions = transitions;
  }

  /** A new job, or one that is to be run again, sets out. */
  void enter(Step step, Change change) {
    JobRow row = change.row();
    JobKey key = row.spec().key();
    if (key == null || row.status().holdsKey()) {
      await(step, change);
      return;
    }
    String queue = row.spec().queue();
    KeyRow known = step.key(queue, key.value());
    KeyRow now = known == null ? KeyRow.of(key.limit()) : known.withLimit(key.limit());
    if (!now.equals(known)) {
      step.putKey(queue, key.value(), now);
    }
    if (now.hasPlace() && !now.hasLine()) {
      await(step, change.to(row.status().key(true)));
      if (isToBeWalked(step, queue, key.value())) {
        walkKey(step, queue, key.value());
      }
    } else {
      transitions.saved(step, change.to(row.status().blocked(Gate.KEY, step.meta())));
      if (now.hasPlace()) {
        walkKey(step, queue, key.value());
      }
    }
  }

  /** A job that has passed its key waits for its time. */
  private void await(Step step, Change change) {
    JobStatus status = change.row().status();
    if (status.dueMs() > step.nowMs()) {
      JobStatus waiting = status.waiting(JobState.SCHEDULED, status.dueMs(), step.nowMs());
      transitions.saved(step, change.to(waiting));
    } else {
      send(step, change);
    }
  }

  /** A job whose time has come: sent, or blocked by its queue, or ended if it may not start. */
  public void send(Step step, Change change) {
    JobRow row = change.row();
    JobStatus status = row.status();
    QueueRow queue = step.queue(row.spec().queue());
    if (row.isPast(step.nowMs())) {
      transitions.finish(step, change, JobState.EXPIRED, null);
    } else if (queue != null && queue.isDeleted() && !comesLater(step, change)) {
      boolean unread = status.lease().worker() == null;
      Change over = unread ? change.to(status.runEnded()) : change;
      transitions.finish(step, over, JobState.DEAD, Reason.QUEUE_DELETED);
    } else if (status.lease().lingering() && holdsPermit(row, queue)) {
      transitions.saved(step, change.to(status.blocked(Gate.RUN, step.meta())));
    } else if (!TypeDecisions.isHandled(step, row)) {
      if (!stays(change, Gate.TYPE)) {
        JobStatus waits = status.unhandledSince(0).blocked(Gate.TYPE, step.meta());
        transitions.saved(step, change.to(waits));
      }
    } else if (!passesQueue(step, row, queue == null ? null : queue.settings())) {
      if (!stays(change, Gate.QUEUE)) {
        transitions.saved(step, change.to(status.blocked(Gate.QUEUE, step.meta())));
        seeToTopic(step, row.channel());
      }
    } else {
      dispatch(step, change, queue == null ? null : queue.settings());
    }
  }

  /**
   * A deletion ends what waits in the queue. What comes after it, by whatever way, uses the queue
   * again, as a submit does.
   */
  private static boolean comesLater(Step step, Change change) {
    JobRow before = change.before();
    String queue = change.row().spec().queue();
    boolean waited =
        before.spec().queue().equals(queue)
            && (before.state() == JobState.QUEUED
                || before.status().waitsForQueue()
                || isBlockedBy(before, Gate.TYPE));
    return step.rules() > 1 && !waited && !step.has(QUEUE_WALKS, queue);
  }

  /** Whether the job has its place in this line of its queue, and keeps it. */
  private static boolean stays(Change change, Gate gate) {
    return isBlockedBy(change.row(), gate)
        && change.before().spec().queue().equals(change.row().spec().queue());
  }

  private static boolean isBlockedBy(JobRow row, Gate gate) {
    return row.state() == JobState.BLOCKED && row.status().gate() == gate;
  }

  /** A channel without a topic: the node is to see to it, or to say that there is no such queue. */
  private static void seeToTopic(Step step, Channel channel) {
    if (!step.has(READY, channel)) {
      step.add(new Effect.Wanted(channel));
    }
  }

  /**
   * A task could not be sent. The queue may have been reported ready before this was: nobody else
   * may come to say so, and so it is tried again after a while, longer with each try.
   */
  public static void sendAgainLater(Step step, JobRow row) {
    if (step.rules() == 1) {
      return;
    }
    JobStatus.Sent sent = row.status().sent();
    int tries = Math.min(sent.dispatch() - sent.ended() - 1, AGAIN_DOUBLED_MAX);
    long dueMs = step.nowMs() + (AGAIN_MS << Math.max(0, tries));
    // Rounded, so that jobs that failed together are looked at together.
    step.arm(Math.ceilDiv(dueMs, AGAIN_MS) * AGAIN_MS, TimerKind.RATE, row.spec().queue());
    seeToTopic(step, row.channel());
  }

  /** A queue's timer is due: its blocked jobs are looked at, unless its next token comes later. */
  public static void lookAgain(Step step, String queue) {
    TokenBucket bucket = tokens(step, queue);
    if (bucket.armedMs() <= step.nowMs()) {
      step.put(TOKENS, queue, bucket.armed(0));
      leaveToTicks(step, queue);
    }
  }

  private void dispatch(Step step, Change change, @Nullable QueueSettings settings) {
    JobRow row = change.row();
    if (settings != null && settings.rate() != null && !hasToken(step, row)) {
      takeToken(step, row.spec().queue(), settings.rate());
    }
    JobState before = change.before().state();
    JobStatus.Sent last = change.before().status().sent();
    if (step.rules() > 1 && before == JobState.BLOCKED && last.dispatch() > 0 && !last.isOver()) {
      // Kafka did not say that it took the task, and may have it all the same.
      Transitions.cancelRun(step, change.before());
    }
    Change sent = change.to(row.status().sent(step.meta().offset(), step.nowMs()));
    transitions.saved(step, sent);
    boolean waited = before == JobState.SCHEDULED || before == JobState.RETRYING;
    long due = change.before().status().dueMs();
    long dueMs = waited && due > row.createdMs() ? due : 0;
    Task task = WaitHistories.describe(step, change.before(), task(step, sent.row(), settings));
    step.add(new Effect.Dispatch(row.channel(), task, dueMs));
  }

  /** What a job has given up is passed on. To be called at the end of each decision. */
  public void passOn(Step step) {
    for (int round = 0; round < AT_ONCE; round++) {
      List<JobRow> freed = step.takeFreed();
      if (freed.isEmpty()) {
        return;
      }
      freed.forEach(row -> passOn(step, row));
    }
    step.takeFreed().forEach(row -> leaveToTicks(step, row));
  }

  private void passOn(Step step, JobRow row) {
    JobKey key = row.spec().key();
    String queue = row.spec().queue();
    if (key != null && !row.status().holdsKey()) {
      admit(step, queue, key.value());
    }
    QueueRow known = step.queue(queue);
    if (known != null
        && known.settings() != null
        && known.settings().limited()
        && letThrough(step, queue)
        && hasBlocked(step, queue)) {
      walkQueue(step, queue);
    }
  }

  /** What jobs have given up is passed on at the next ticks. */
  public static void leaveToTicks(Step step, JobRow row) {
    JobKey key = row.spec().key();
    if (key != null) {
      walkKey(step, row.spec().queue(), key.value());
    }
    leaveToTicks(step, row.spec().queue());
  }

  /** What waits for a deleted queue waits until it is created again, and is not looked at. */
  private static void leaveToTicks(Step step, String queue) {
    QueueRow known = step.queue(queue);
    if (known == null || !known.isDeleted() || step.rules() == 1) {
      walkQueue(step, queue);
    }
  }

  private void admit(Step step, String queue, String key) {
    if (admitNext(step, queue, key) && isToBeWalked(step, queue, key)) {
      walkKey(step, queue, key);
    }
  }

  /** Whether there is a place for one that waits, or nobody at all: who was let in has ended. */
  private static boolean isToBeWalked(Step step, String queue, String key) {
    KeyRow row = step.key(queue, key);
    return row != null && row.hasPlace() && (row.held() == 0 || row.hasLine());
  }

  /** Lets the first of a key's line in, if there is a place. Returns whether it did. */
  public boolean admitNext(Step step, String queue, String key) {
    KeyRow row = step.key(queue, key);
    if (row == null || !row.hasPlace()) {
      return false;
    }
    if (!row.hasLine()) {
      if (row.held() == 0) {
        step.delete(KEYS, new Pair(queue, key));
      }
      return false;
    }
    Place first = step.first(LINES.from(new Pair(queue, key), row.front()), 1).getFirst();
    step.putKey(queue, key, row.foundAt(first.offset()));
    JobRow next = Objects.requireNonNull(step.job(first.job()), "job");
    await(step, Change.of(next).to(next.status().key(true)));
    return true;
  }

  /** Sends the first of the jobs that the queue blocks, if it may be sent. */
  public boolean letThrough(Step step, String queue) {
    QueueRow known = step.queue(queue);
    QueueSettings settings = known == null ? null : known.settings();
    if (settings != null && settings.paused()) {
      return false;
    }
    for (Priority priority : Priority.values()) {
      Channel channel = new Channel(queue, priority);
      boolean deleted = known != null && known.isDeleted();
      if (!deleted && !step.has(READY, channel)) {
        continue;
      }
      Place first = blocked(step, channel);
      if (first != null) {
        JobRow row = Objects.requireNonNull(step.job(first.job()), "job");
        if (!deleted && settings != null && !hasPermit(step, row, settings)) {
          return false;
        }
        send(step, Change.of(row));
        return true;
      }
    }
    return false;
  }

  private static boolean hasBlocked(Step step, String queue) {
    for (Priority priority : Priority.values()) {
      if (blocked(step, new Channel(queue, priority)) != null) {
        return true;
      }
    }
    return false;
  }

  /** The first job that the channel blocks, if any; looked for in ever wider windows of offsets. */
  private static @Nullable Place blocked(Step step, Channel channel) {
    long end = step.meta().offset() + 1;
    long from = Math.min(step.front(channel), end);
    for (long width = WINDOW; from < end; width *= WIDER) {
      long to = Math.min(end, from + width);
      Place first = step.first(BLOCKED.between(channel, from, to));
      if (first != null) {
        step.setFront(channel, first.offset());
        return first;
      }
      from = to;
    }
    step.setFront(channel, Math.max(0, end - 1));
    return null;
  }

  /** Leaves the queue's blocked jobs to the next ticks. */
  static void walkQueue(Step step, String queue) {
    step.mark(QUEUE_WALKS, queue);
    step.add(new Effect.Continue());
  }

  private static void walkKey(Step step, String queue, String key) {
    step.mark(KEY_WALKS, new Pair(queue, key));
    step.add(new Effect.Continue());
  }

  /** Whether the job may be sent now; one that comes new does not overtake those that wait. */
  private static boolean passesQueue(Step step, JobRow row, @Nullable QueueSettings settings) {
    if (!step.has(READY, row.channel())) {
      return false;
    }
    if (settings == null) {
      return true;
    }
    return !settings.paused()
        && (row.status().waitsForQueue()
            || !settings.limited()
            || hasToken(step, row)
            || !othersWait(step, row.spec().queue()))
        && hasPermit(step, row, settings);
  }

  /** A job whose task came back, since a worker had no handler of its type, has one already. */
  private static boolean hasToken(Step step, JobRow row) {
    return TypeDecisions.knowsTypes(step) && row.status().tries().unhandledMs() > 0;
  }

  private static boolean othersWait(Step step, String queue) {
    return step.has(QUEUE_WALKS, queue) || tokens(step, queue).armedMs() > 0;
  }

  private static boolean hasPermit(Step step, JobRow row, QueueSettings settings) {
    String queue = row.spec().queue();
    Integer concurrency = settings.concurrency();
    if (concurrency != null) {
      long others = step.counts(queue).out() - (isCounted(step, row) ? 1 : 0);
      if (others >= concurrency) {
        return false;
      }
    }
    Rate rate = settings.rate();
    if (rate == null || hasToken(step, row) || tokens(step, queue).hasToken(rate, step.nowMs())) {
      return true;
    }
    armTokens(step, queue, rate);
    return false;
  }

  /** Whether the counts have the job as one that is out. */
  private static boolean isCounted(Step step, JobRow row) {
    JobRow stored = step.job(row.id());
    return stored != null && stored.status().isOut();
  }

  static TokenBucket tokens(Step step, String queue) {
    TokenBucket bucket = step.get(TOKENS, queue);
    return bucket == null ? TokenBucket.FULL : bucket;
  }

  private static void takeToken(Step step, String queue, Rate rate) {
    TokenBucket next = tokens(step, queue).take(rate, step.nowMs());
    step.put(TOKENS, queue, next);
  }

  private static void armTokens(Step step, String queue, Rate rate) {
    TokenBucket bucket = tokens(step, queue);
    long next = bucket.nextMs(rate);
    if (bucket.armedMs() == 0 || bucket.armedMs() > next) {
      step.put(TOKENS, queue, bucket.armed(next));
      step.arm(next, TimerKind.RATE, queue);
    }
  }

  static boolean holdsPermit(JobRow row, @Nullable QueueRow queue) {
    QueueSettings settings = queue == null ? null : queue.settings();
    return row.spec().key() != null || (settings != null && settings.concurrency() != null);
  }

  private static Task task(Step step, JobRow row, @Nullable QueueSettings settings) {
    JobStatus.Sent sent = row.status().sent();
    JobStatus.Tries tries = row.status().tries();
    boolean concurrency = settings != null && settings.concurrency() != null;
    ChildRow.All children = sent.dispatch() > 1 ? step.get(ChildRow.ALL, row.id()) : null;
    return new Task(
        row.id(),
        row.spec().type(),
        tries.attempt(),
        sent.dispatch(),
        Suspicion.after(tries.losses()),
        row.spec().key() != null || concurrency,
        settings != null && settings.strict(),
        row.spec().timeout(),
        row.spec().deadline(),
        Instant.ofEpochMilli(sent.atMs()),
        row.trace(),
        step.payload(row),
        children == null ? null : Instant.ofEpochMilli(children.sinceMs()),
        Past.NONE,
        row.spec().retry().backoff().after(row.id(), tries.failures() + 1 - tries.forgiven()));
  }
}
