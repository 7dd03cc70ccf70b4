package dev.kanal.scheduler.api.counts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A queue over several shards; {@code oldest} is the greatest number without a queued job. */
public record QueueSum(
    Map<JobState, Long> states,
    long oldest,
    Map<Priority, Long> lanes,
    Flow flow,
    Map<WaitCause, Blocked> blocked,
    Map<String, Unhandled> unhandled) {
  /** Types without a handler that are listed. */
  static final int UNHANDLED_MAX = 20;

  public static final QueueSum NONE = new QueueSum(Map.of(), Long.MAX_VALUE, Map.of(), Flow.NONE);

  /** A queue in which nothing is blocked. */
  QueueSum(Map<JobState, Long> states, long oldest, Map<Priority, Long> lanes, Flow flow) {
    this(states, oldest, lanes, flow, Map.of(), Map.of());
  }

  static QueueSum of(QueueCount count) {
    long oldest = count.oldestQueuedEpochMs() == 0 ? Long.MAX_VALUE : count.oldestQueuedEpochMs();
    return new QueueSum(
        count.states(), oldest, count.lanes(), count.flow(), count.blocked(), count.unhandled());
  }

  QueueSum plus(QueueSum other) {
    Map<JobState, Long> sums = new EnumMap<>(JobState.class);
    sums.putAll(states);
    other.states.forEach((state, count) -> sums.merge(state, count, Long::sum));
    Map<Priority, Long> each = new EnumMap<>(Priority.class);
    each.putAll(lanes);
    other.lanes.forEach((priority, count) -> each.merge(priority, count, Long::sum));
    Map<WaitCause, Blocked> causes = new EnumMap<>(WaitCause.class);
    causes.putAll(blocked);
    other.blocked.forEach((cause, jobs) -> causes.merge(cause, jobs, Blocked::plus));
    return new QueueSum(
        sums,
        Math.min(oldest, other.oldest),
        each,
        flow.plus(other.flow),
        causes,
        sum(unhandled, other.unhandled));
  }

  private static Map<String, Unhandled> sum(
      Map<String, Unhandled> one, Map<String, Unhandled> other) {
    Map<String, Unhandled> types = new TreeMap<>(one);
    other.forEach((type, jobs) -> types.merge(type, jobs, Unhandled::plus));
    return types;
  }

  /** The types that no worker has a handler for: those with most jobs first. */
  public List<Map.Entry<String, Unhandled>> unhandledTypes() {
    return unhandled.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, Unhandled> each) -> each.getValue().jobs(),
                    Comparator.reverseOrder())
                .thenComparing(Map.Entry::getKey))
        .limit(UNHANDLED_MAX)
        .toList();
  }

  /** Jobs that a worker that takes the queue would help: sent, or held for want of one. */
  public long wantsWorker() {
    return lag() + blocked(WaitCause.TYPE);
  }

  public long blocked(WaitCause cause) {
    Blocked jobs = blocked.get(cause);
    return jobs == null ? 0 : jobs.jobs();
  }

  /** For how long the oldest job has been blocked by this cause; 0 without one. */
  double blockedSeconds(WaitCause cause, long now) {
    Blocked jobs = blocked.get(cause);
    return jobs == null || jobs.sinceEpochMs() == 0
        ? 0
        : Math.max(0, now - jobs.sinceEpochMs()) / 1000.0;
  }

  public long unfinished() {
    return of(JobState.QUEUED) + of(JobState.RUNNING) + waiting();
  }

  public long lag() {
    return of(JobState.QUEUED);
  }

  public long inFlight() {
    return of(JobState.RUNNING);
  }

  public double oldestAgeSeconds(long now) {
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, now - oldest) / 1000.0;
  }

  /**
   * Seconds until nothing is queued, if it goes on as in the last minute; null if it never will, or
   * nobody knows.
   */
  @Nullable Double timeToEmpty(LagSeries.@Nullable Rates rates) {
    if (lag() == 0) {
      return 0.0;
    }
    double net = rates == null ? 0 : rates.drain() - rates.came();
    return net > 0 ? Math.ceil(lag() / net) : null;
  }

  /** Writes the fields into an object that is open. */
  public void write(long now, LagSeries.@Nullable Rates rates, JsonGenerator out)
      throws IOException {
    writeStanding(now, out);
    writeNullable(out, "arrivalRate", rates == null ? null : rounded(rates.arrival()));
    writeNullable(out, "drainRate", rates == null ? null : rounded(rates.drain()));
    writeNullable(out, "timeToEmptySeconds", timeToEmpty(rates));
  }

  /** Writes what stands in it now. */
  public void writeStanding(long now, JsonGenerator out) throws IOException {
    out.writeNumberField("lag", lag());
    out.writeNumberField("oldestAgeSeconds", oldestAgeSeconds(now));
    out.writeNumberField("inFlight", inFlight());
    out.writeNumberField("waiting", waiting());
    writeBlocked(now, out);
    out.writeObjectFieldStart("states");
    for (JobState state : JobState.values()) {
      out.writeNumberField(state.name(), of(state));
    }
    out.writeEndObject();
  }

  private void writeBlocked(long now, JsonGenerator out) throws IOException {
    double oldestSeconds = 0;
    out.writeObjectFieldStart("blocked");
    out.writeNumberField("total", of(JobState.BLOCKED));
    out.writeObjectFieldStart("byCause");
    for (WaitCause cause : WaitCause.values()) {
      long jobs = blocked(cause);
      if (jobs > 0) {
        out.writeNumberField(cause.text(), jobs);
        oldestSeconds = Math.max(oldestSeconds, blockedSeconds(cause, now));
      }
    }
    out.writeEndObject();
    out.writeNumberField("oldestAgeSeconds", oldestSeconds);
    out.writeEndObject();
  }

  private static double rounded(double rate) {
    return Math.round(rate * 1_000) / 1_000.0;
  }

  private static void writeNullable(JsonGenerator out, String name, @Nullable Double value)
      throws IOException {
    if (value == null) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, value);
    }
  }

  private long waiting() {
    return of(JobState.SCHEDULED) + of(JobState.BLOCKED) + of(JobState.RETRYING);
  }

  private long of(JobState state) {
    return states.getOrDefault(state, 0L);
  }
}
