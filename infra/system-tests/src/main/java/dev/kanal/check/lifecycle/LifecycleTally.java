package dev.kanal.check.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.server.JobAnswer;
import dev.kanal.check.server.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Judges the lifecycle events of the accepted jobs of a run; other jobs are passed over. */
public final class LifecycleTally {
  /** Outcomes of a dispatch whose handler did not come to its end. */
  private static final Set<String> NOT_RUN_TO_THE_END = Set.of("lost", "unhandled", "snoozed");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, JobTrace> jobs = new HashMap<>();
  private final PromiseTally readable = new PromiseTally("every lifecycle event can be read");
  private final Consumer<JsonNode> observer;
  private int withFinalState;
  private long firstMs = Long.MAX_VALUE;
  private long lastFinalMs = Long.MIN_VALUE;

  public LifecycleTally(Collection<String> ids) {
    this(ids, _ -> {});
  }

  /**
   * @param observer is shown every event that can be read, of any job
   */
  public LifecycleTally(Collection<String> ids, Consumer<JsonNode> observer) {
    ids.forEach(id -> jobs.put(id, new JobTrace()));
    this.observer = observer;
  }

  /** Takes the key and value of one record. */
  public void add(String key, byte[] value) {
    try {
      JsonNode event = json.readTree(value);
      String kind = event.path("event").asText("");
      if (!key.equals(event.path("job").asText("")) || !event.path("at").isIntegralNumber()) {
        readable.broken("record %s: %s".formatted(key, shorten(value)));
        return;
      }
      readable.kept();
      observer.accept(event);
      JobTrace trace = jobs.get(key);
      if (trace != null) {
        take(trace, kind, event);
      }
    } catch (IOException e) {
      readable.broken("record %s: %s".formatted(key, shorten(value)));
    }
  }

  /** Whether every accepted job was seen in a final state. */
  public boolean complete() {
    return withFinalState == jobs.size();
  }

  /** How many accepted jobs were seen in a final state. */
  public int finished() {
    return withFinalState;
  }

  public LifecycleCounts counts() {
    PromiseTally once = new PromiseTally("each job gets one final state (lifecycle)");
    long duplicates = 0;
    long retries = 0;
    long lost = 0;
    for (Map.Entry<String, JobTrace> entry : jobs.entrySet()) {
      JobTrace trace = entry.getValue();
      duplicates += trace.duplicates();
      retries += trace.retries();
      lost += trace.lost;
      if (trace.finals == 1) {
        once.kept();
      } else {
        once.broken("%s got %d final states".formatted(entry.getKey(), trace.finals));
      }
    }
    List<Promise> promises = List.of(once.toPromise(), readable.toPromise());
    long spanMs = withFinalState == 0 ? 0 : lastFinalMs - firstMs;
    return new LifecycleCounts(promises, duplicates, retries, lost, spanMs);
  }

  private void take(JobTrace trace, String kind, JsonNode event) {
    long at = event.path("at").asLong();
    firstMs = Math.min(firstMs, at);
    switch (kind) {
      case "duplicate-run" -> trace.duplicateRuns++;
      case "state" -> takeState(trace, event, at);
      default -> {
        // Kinds that later versions add say nothing about this.
      }
    }
  }

  private void takeState(JobTrace trace, JsonNode event, long at) {
    boolean isFinal = JobAnswer.FINAL_STATES.contains(event.path("state").asText(""));
    String outcome = event.path("outcome").asText("");
    if (isFinal) {
      withFinalState += trace.finals == 0 ? 1 : 0;
      trace.finals++;
      lastFinalMs = Math.max(lastFinalMs, at);
    }
    if (outcome.equals("lost")) {
      trace.lost++;
    }
    boolean ranToTheEnd = isFinal || !outcome.isEmpty();
    if (ranToTheEnd && !NOT_RUN_TO_THE_END.contains(outcome)) {
      trace.finish(event.path("attempt").asInt(), event.path("dispatch").asInt());
    }
  }

  private static String shorten(byte[] value) {
    return Texts.shorten(new String(value, StandardCharsets.UTF_8));
  }

  /** What was seen of one job. */
  private static final class JobTrace {
    private final Map<Integer, Set<Integer>> finishedDispatches = new HashMap<>(2);
    private int finals;
    private int duplicateRuns;
    private int lost;

    void finish(int attempt, int dispatch) {
      if (dispatch > 0) {
        finishedDispatches.computeIfAbsent(attempt, _ -> new HashSet<>(2)).add(dispatch);
      }
    }

    /** Runs beyond the first of the same attempt. */
    int duplicates() {
      int again = finishedDispatches.values().stream().mapToInt(runs -> runs.size() - 1).sum();
      return duplicateRuns + again;
    }

    /** Attempts beyond the first that finished. */
    long retries() {
      return finishedDispatches.keySet().stream().filter(attempt -> attempt > 1).count();
    }
  }
}
