package dev.kanal.scheduler.api.counts;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.api.counts.Finding.Code;
import dev.kanal.scheduler.api.counts.Finding.Severity;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks for what is not well: pure, of counts of all shards and what the live workers say. */
public final class Findings {
  /** Findings that are listed; the others are counted. */
  static final int MAX = 20;

  /** What has waited longer is reported. The alerts have the same. */
  static final Duration LONG = Duration.ofMinutes(5);

  private static final int TYPES_NAMED = 3;

  /** Of a paused queue, somebody wants it so; a missing type is reported by itself. */
  private static final Set<WaitCause> QUIET = EnumSet.of(WaitCause.PAUSED, WaitCause.TYPE);

  private final Seen seen;
  private final List<Finding> found = new ArrayList<>();

  /**
   * What is looked at.
   *
   * @param live workers; null as long as it is not known which there are
   * @param dead jobs that have died in the last 15 minutes, as far as this node has seen them
   */
  public record Seen(
      Map<String, QueueSum> sums,
      Function<String, QueueSettings> settings,
      @Nullable List<WorkerReport> live,
      long dead,
      long nowMs) {}

  private Findings(Seen seen) {
    this.seen = seen;
  }

  /** The gravest first, of these the ones with most jobs. */
  public static List<Finding> of(Seen seen) {
    Findings findings = new Findings(seen);
    findings.workers();
    seen.sums.forEach(findings::queue);
    if (seen.dead > 0) {
      String many = jobs(seen.dead, " has", " have");
      findings.add(
          Code.DEAD,
          null,
          many + " died within 15 minutes. See why they failed, fix the cause, then retry them.",
          seen.dead,
          "/v1/failures");
    }
    return findings.found.stream()
        .sorted(
            Comparator.comparing(Finding::code)
                .thenComparing(Finding::count, Comparator.reverseOrder()))
        .toList();
  }

  /** Writes an object: all is well unless something is found that is more than a remark. */
  public static void write(List<Finding> findings, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeBooleanField(
        "well", findings.stream().allMatch(each -> each.severity() == Severity.INFO));
    out.writeArrayFieldStart("findings");
    for (Finding each : findings.subList(0, Math.min(MAX, findings.size()))) {
      each.write(out);
    }
    out.writeEndArray();
    out.writeNumberField("more", Math.max(0, findings.size() - MAX));
    out.writeEndObject();
  }

  private void workers() {
    if (seen.live != null && seen.live.isEmpty()) {
      long waiting = seen.sums.values().stream().mapToLong(QueueSum::wantsWorker).sum();
      if (waiting > 0) {
        String sentence =
            jobs(waiting, " waits", " wait")
                + ", and there is no live worker. Start one, or see why none starts.";
        add(Code.NO_WORKERS, null, sentence, waiting, "/v1/workers");
      }
    }
  }

  private void queue(String queue, QueueSum sum) {
    if (sum.unfinished() == 0) {
      return;
    }
    QueueSettings settings = seen.settings.apply(queue);
    String href = "/v1/queues/" + queue;
    noWorker(queue, sum, href);
    long untyped = sum.blocked(WaitCause.TYPE);
    if (untyped > 0) {
      String sentence =
          "No live worker has a handler for "
              + jobs(untyped, "", "")
              + " of queue "
              + queue
              + types(sum)
              + ". Start one that has, or cancel them.";
      add(Code.UNHANDLED_TYPE, queue, sentence, untyped, href);
    }
    if (sum.unfinished() >= settings.capacity()) {
      String sentence =
          "Queue "
              + queue
              + " holds "
              + jobs(sum.unfinished(), "", "")
              + " and takes no more. Add workers, raise its capacity, or purge it.";
      add(Code.QUEUE_FULL, queue, sentence, sum.unfinished(), href);
    }
    double waits = sum.oldestAgeSeconds(seen.nowMs);
    if (waits > LONG.toSeconds() && isTaken(queue)) {
      String sentence =
          "A job of queue "
              + queue
              + " has waited "
              + minutes(waits)
              + " for a free slot. Add workers, or see what theirs are busy with.";
      add(Code.WAITS_LONG, queue, sentence, sum.lag(), href);
    }
    blocked(queue, sum, href);
  }

  private void noWorker(String queue, QueueSum sum, String href) {
    if (seen.live != null && !seen.live.isEmpty() && !isTaken(queue) && sum.wantsWorker() > 0) {
      String sentence =
          jobs(sum.wantsWorker(), " waits", " wait")
              + " in queue "
              + queue
              + ", which no live worker takes. Start one that does (worker.queues).";
      add(Code.NO_WORKER, queue, sentence, sum.wantsWorker(), href);
    }
  }

  private void blocked(String queue, QueueSum sum, String href) {
    WaitCause longest = null;
    for (WaitCause cause : sum.blocked().keySet()) {
      boolean longer =
          longest == null
              || sum.blockedSeconds(cause, seen.nowMs) > sum.blockedSeconds(longest, seen.nowMs);
      if (!QUIET.contains(cause) && longer) {
        longest = cause;
      }
    }
    if (longest != null && sum.blockedSeconds(longest, seen.nowMs) > LONG.toSeconds()) {
      String sentence =
          "A job of queue "
              + queue
              + " has been blocked by "
              + longest.text()
              + " for "
              + minutes(sum.blockedSeconds(longest, seen.nowMs))
              + ". Its page says what it waits for.";
      String all = "/v1/jobs?state=BLOCKED&queue=" + queue;
      add(Code.BLOCKED_LONG, queue, sentence, sum.blocked(longest), all);
    }
    long paused = sum.blocked(WaitCause.PAUSED);
    if (paused > 0) {
      String sentence =
          "Queue "
              + queue
              + " is paused, and "
              + jobs(paused, " waits", " wait")
              + " for somebody to resume it.";
      add(Code.PAUSED, queue, sentence, paused, href);
    }
  }

  private boolean isTaken(String queue) {
    return seen.live == null || seen.live.stream().anyMatch(each -> each.takes(queue));
  }

  private void add(Code code, @Nullable String queue, String sentence, long count, String href) {
    found.add(new Finding(code, queue, sentence, count, href));
  }

  private static String jobs(long count, String one, String many) {
    return count == 1 ? "1 job" + one : count + " jobs" + many;
  }

  /** A few of them by name. */
  private static String types(QueueSum sum) {
    List<String> names =
        sum.unhandledTypes().stream().map(Map.Entry::getKey).limit(TYPES_NAMED).toList();
    return names.isEmpty() ? "" : " (" + String.join(", ", names) + ")";
  }

  private static String minutes(double seconds) {
    long minutes = Math.round(seconds / 60);
    return minutes < 120 ? minutes + " minutes" : Math.round(minutes / 60.0) + " hours";
  }
}
