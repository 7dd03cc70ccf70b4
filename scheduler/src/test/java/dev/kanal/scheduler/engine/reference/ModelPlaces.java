package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.QueueRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One shard's keys and limits: who holds what, in which order, and how much at most. */
final class ModelPlaces {
  private static final int REMEMBERED = 64;

  private final Map<KeyOf, KeyPlaces> keys = new HashMap<>();
  private final Map<String, Set<JobId>> out = new HashMap<>();
  private final Map<String, Sent> sent = new HashMap<>();
  private final Set<String> sentNow = new HashSet<>();

  /** A submit or retry says how many places its key has. */
  void commanded(LogEntry entry, @Nullable JobRow before, @Nullable JobRow after) {
    boolean enters =
        (entry instanceof Submit && before == null)
            || (entry instanceof Retry && before != null && before.state().isFinal());
    if (!enters || after == null || after.state().isFinal()) {
      return;
    }
    JobKey key = after.spec().key();
    if (key != null && (before == null || !before.status().holdsKey())) {
      places(after, key).limit = key.limit();
    }
  }

  /** How many jobs of the key may be out at once. */
  int limit(String queue, String key) {
    KeyPlaces places = keys.get(new KeyOf(queue, key));
    return places == null ? 0 : places.limit;
  }

  /**
   * A task was sent.
   *
   * @param again it came back from a worker without a handler, and has cost its token
   */
  void dispatched(ModelShard.Applied applied, Channel channel, boolean again) {
    sentNow.add(channel.queue());
    QueueRow row = ModelJobs.queue(applied.shard().store(), channel.queue());
    Rate rate = row == null || row.settings() == null ? null : row.settings().rate();
    Sent past = sent.computeIfAbsent(channel.queue(), _ -> new Sent());
    if (rate == null || !rate.equals(past.rate)) {
      past.times.clear();
      past.rate = rate;
    }
    if (rate != null && !again) {
      past.add(applied.timeMs(), rate);
    }
  }

  /** To be called after all that the record has changed was published. */
  void changed(List<ModelJobs.Change> changes, ModelShard.Applied applied) {
    List<JobRow> admitted = new ArrayList<>();
    for (ModelJobs.Change change : changes) {
      moved(change.before(), change.after(), admitted);
    }
    admitted.forEach(this::admitted);
    for (String queue : sentNow) {
      QueueRow row = ModelJobs.queue(applied.shard().store(), queue);
      QueueSettings settings = row == null ? null : row.settings();
      if (settings != null && settings.concurrency() != null) {
        int size = out.getOrDefault(queue, Set.of()).size();
        int limit = settings.concurrency();
        assertTrue(size <= limit, () -> size + " out of " + queue + ", of at most " + limit);
      }
    }
    sentNow.clear();
  }

  private void moved(@Nullable JobRow before, @Nullable JobRow after, List<JobRow> admitted) {
    if (before != null) {
      out.computeIfAbsent(before.spec().queue(), _ -> new HashSet<>()).remove(before.id());
    }
    if (after != null && isOut(after)) {
      out.computeIfAbsent(after.spec().queue(), _ -> new HashSet<>()).add(after.id());
    }
    JobRow any = after == null ? before : after;
    JobKey key = any == null ? null : any.spec().key();
    if (any == null || key == null) {
      return;
    }
    KeyPlaces places = places(any, key);
    boolean held = before != null && before.status().holdsKey();
    boolean holds = after != null && after.status().holdsKey();
    if (before != null && waits(before)) {
      places.line.remove(before.status().offset());
    }
    if (after != null && waits(after)) {
      places.line.put(after.status().offset(), after.id());
    }
    if (holds) {
      places.holders.add(any.id());
    } else {
      places.holders.remove(any.id());
    }
    if (holds && !held) {
      admitted.add(before != null && waits(before) ? before : any);
    }
  }

  private void admitted(JobRow row) {
    KeyPlaces places = places(row, Objects.requireNonNull(row.spec().key()));
    assertTrue(
        places.holders.size() <= places.limit,
        () -> places.holders + " hold places of a key that has " + places.limit);
    long mine = waits(row) ? row.status().offset() : Long.MAX_VALUE;
    assertTrue(
        places.line.isEmpty() || places.line.firstKey() > mine,
        () -> row.id() + " is let in before " + places.line);
  }

  private static boolean waits(JobRow row) {
    return row.state() == JobState.BLOCKED && row.status().gate() == Gate.KEY;
  }

  /** Whether a worker has it, or may have it. */
  static boolean isOut(JobRow row) {
    return row.state() == JobState.QUEUED || row.state() == JobState.RUNNING || lingers(row);
  }

  static boolean lingers(JobRow row) {
    JobStatus status = row.status();
    boolean unknown = row.state().isFinal() && !status.sent().isOver();
    boolean elsewhere = row.state() != JobState.QUEUED && row.state() != JobState.RUNNING;
    return elsewhere && (status.lease().lingering() || unknown);
  }

  private KeyPlaces places(JobRow row, JobKey key) {
    return keys.computeIfAbsent(new KeyOf(row.spec().queue(), key.value()), _ -> new KeyPlaces());
  }

  private record KeyOf(String queue, String key) {}

  private static final class KeyPlaces {
    private final Set<JobId> holders = new HashSet<>();
    private final TreeMap<Long, JobId> line = new TreeMap<>();
    private int limit;
  }

  /** When tasks of a queue were sent at the same rate. */
  private static final class Sent {
    private final List<Long> times = new ArrayList<>();
    private @Nullable Rate rate;

    void add(long nowMs, Rate now) {
      times.add(nowMs);
      if (times.size() > REMEMBERED) {
        times.removeFirst();
      }
      for (int i = 0; i < times.size(); i++) {
        int count = times.size() - i;
        long elapsed = nowMs - times.get(i);
        double most = now.permits() + (double) now.permits() * elapsed / now.per().toMillis();
        assertTrue(count <= most + 0.001, () -> count + " sent in " + elapsed + " ms at " + now);
      }
    }
  }
}
