package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;
import static dev.kanal.scheduler.engine.row.Tables.BLOCKED;
import static dev.kanal.scheduler.engine.row.Tables.BLOCKED_BY_TYPE;
import static dev.kanal.scheduler.engine.row.Tables.COUNTS;
import static dev.kanal.scheduler.engine.row.Tables.FILED;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.KEYS;
import static dev.kanal.scheduler.engine.row.Tables.LEASES;
import static dev.kanal.scheduler.engine.row.Tables.LINES;
import static dev.kanal.scheduler.engine.row.Tables.LINGERING;
import static dev.kanal.scheduler.engine.row.Tables.PARKED;
import static dev.kanal.scheduler.engine.row.Tables.PAYLOADS;
import static dev.kanal.scheduler.engine.row.Tables.QUEUED;
import static dev.kanal.scheduler.engine.row.Tables.RESULTS;
import static dev.kanal.scheduler.engine.row.Tables.SUBMITTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.failure.FailureGroups;
import dev.kanal.scheduler.engine.failure.FailureRow;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.Tables.ChannelType;
import dev.kanal.scheduler.engine.row.Tables.QueueState;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/**
 * Compares all rows of a store with those that its jobs ask for. Only timers of retention may be
 * more than these: of a job that could not be forgotten at its time, or that has gone on since.
 */
final class ModelAudit {
  private static final String DERIVED = "qblneapirfX";

  private final Set<Bytes> expected = new HashSet<>();
  private final Set<JobId> jobs = new HashSet<>();
  private final Set<JobId> toForget = new HashSet<>();
  private final Map<String, Long> held = new HashMap<>();
  private final Map<String, List<Long>> lines = new HashMap<>();
  private final Map<String, Map<JobState, Long>> states = new HashMap<>();
  private final Map<String, Long> lingering = new HashMap<>();
  private final Map<String, Map<Gate, Long>> blocked = new HashMap<>();
  private final Map<String, Set<JobId>> holders = new HashMap<>();
  private final Map<Long, Long> failures = new HashMap<>();
  private final Rows rows;

  private ModelAudit(Rows rows) {
    this.rows = rows;
  }

  static void check(ModelStore store) {
    ModelAudit audit = new ModelAudit(store);
    store.scan(
        JOBS,
        (_, row) -> {
          audit.expect(row);
          return true;
        });
    store.rows().forEach(audit::compare);
    assertEquals(Set.of(), audit.expected, "rows that are missing");
    assertEquals(Map.of(), audit.failures, "failures that are missing");
    assertEquals(Set.of(), audit.toForget, "final jobs that are never forgotten");
    assertEquals(Map.of(), audit.states, "counts that are missing");
    assertEquals(Map.of(), audit.lines, "lines without a row of their key");
    audit.held.forEach((key, count) -> assertEquals(0, count, "places without a row of " + key));
  }

  private void expect(JobRow row) {
    JobStatus status = row.status();
    String queue = row.spec().queue();
    jobs.add(row.id());
    states
        .computeIfAbsent(queue, _ -> new EnumMap<>(JobState.class))
        .merge(row.state(), 1L, Long::sum);
    if (ModelPlaces.lingers(row)) {
      lingering.merge(queue, 1L, Long::sum);
      expected.add(LINGERING.key(queue, row.id()));
    }
    var key = row.spec().key();
    if (key != null && status.holdsKey()) {
      held.merge(queue + "\0" + key.value(), 1L, Long::sum);
      holders.computeIfAbsent(queue + "\0" + key.value(), _ -> new HashSet<>()).add(row.id());
    }
    if (row.state() == JobState.BLOCKED) {
      blocked
          .computeIfAbsent(queue, _ -> new HashMap<>())
          .merge(Objects.requireNonNull(status.gate()), 1L, Long::sum);
    }
    var idempotency = row.spec().idempotency();
    if (idempotency != null) {
      expected.add(SUBMITTED.key(row.spec()));
    }
    var worker = status.lease().worker();
    if (worker != null) {
      expected.add(LEASES.key(worker, row.id()));
      expected.add(Timers.key(status.lease().untilMs(), TimerKind.LEASE, row.id()));
    }
    if (row.body().payloadApart()) {
      expected.add(PAYLOADS.key(row.id()));
    }
    if (Tables.FILED_STATES.contains(row.state())) {
      expected.add(FILED.key(new QueueState(queue, row.state()), row.id()));
    }
    int ended = status.tries().ended();
    int apart = row.body().last() == null ? ended : ended - 1;
    for (int i = Math.max(0, ended - Attempt.KEPT); i < apart; i++) {
      expected.add(ATTEMPTS.key(new JobPart(row.id(), i)));
    }
    expectByState(row);
  }

  private void expectByState(JobRow row) {
    JobStatus status = row.status();
    var key = row.spec().key();
    switch (row.state()) {
      case SCHEDULED, RETRYING ->
          expected.add(Timers.key(status.dueMs(), TimerKind.START, row.id()));
      case QUEUED -> expected.add(QUEUED.key(row.channel(), status.offset(), row.id()));
      case BLOCKED -> {
        if (status.gate() == Gate.QUEUE) {
          expected.add(BLOCKED.key(row.channel(), status.offset(), row.id()));
        } else if (status.gate() == Gate.KEY && key != null) {
          String queue = row.spec().queue();
          expected.add(LINES.key(new Pair(queue, key.value()), status.offset(), row.id()));
          lines
              .computeIfAbsent(queue + "\0" + key.value(), _ -> new ArrayList<>())
              .add(status.offset());
        } else if (status.gate() == Gate.TYPE) {
          String type = row.spec().type();
          expected.add(
              BLOCKED_BY_TYPE.key(new ChannelType(row.channel(), type), status.offset(), row.id()));
        }
      }
      case SUCCEEDED -> {
        if (row.body().result() == null) {
          expected.add(RESULTS.key(row.id()));
        }
      }
      case DEAD -> failures.merge(FailureGroups.group(rows, row), 1L, Long::sum);
      case RUNNING, CANCELLED, EXPIRED -> {}
    }
    var deadline = row.spec().deadline();
    if (row.state().isFinal()) {
      toForget.add(row.id());
    } else if (deadline != null) {
      expected.add(Timers.key(deadline.toEpochMilli(), TimerKind.DEADLINE, row.id()));
    }
  }

  private void compare(Bytes key, byte[] value) {
    char letter = (char) key.get()[0];
    if (letter == 't') {
      boolean extra = !expected.remove(key);
      TimerKind kind = Timers.kind(key);
      if (kind == TimerKind.RETENTION) {
        toForget.remove(Timers.job(key));
      } else if (kind == TimerKind.FORGET) {
        Timers.jobs(value).forEach(toForget::remove);
      }
      assertTrue(
          !extra
              || kind == TimerKind.RETENTION
              || kind == TimerKind.FORGET
              || kind == TimerKind.RATE,
          () -> "a timer of nobody: " + kind + " at " + Timers.dueMs(key));
    } else if (letter == 'A') {
      assertTrue(jobs.contains(PARKED.keyOf(key)), () -> "parked, but no job: " + key);
    } else if (letter == 'F') {
      FailureRow row = FailureRow.TABLE.values().decode(value);
      assertEquals(failures.remove(row.kind().group()), row.count(), () -> "dead of " + row);
    } else if (letter == 'o') {
      compareKey(key, KEYS.values().decode(value));
    } else if (letter == 'c') {
      compareCounts(COUNTS.keyOf(key), COUNTS.values().decode(value));
    } else if (DERIVED.indexOf(letter) >= 0) {
      assertTrue(expected.remove(key), () -> "a row of nobody: " + key);
    }
  }

  private void compareKey(Bytes key, KeyRow row) {
    Long count = held.remove(text(key));
    assertEquals(count == null ? 0 : count, row.held(), "places of " + text(key));
    Set<JobId> named = Objects.requireNonNullElse(holders.remove(text(key)), Set.of());
    assertEquals(Math.min(named.size(), KeyRow.HOLDERS_MAX), row.holders().size());
    assertTrue(named.containsAll(row.holders()), () -> "who holds " + text(key));
    List<Long> line = Objects.requireNonNullElse(lines.remove(text(key)), List.of());
    assertEquals(line.size(), row.waiting(), "line of " + text(key));
    line.forEach(
        offset -> assertTrue(row.front() <= offset, () -> "front of the line of " + text(key)));
  }

  private void compareCounts(String queue, Counts counts) {
    Map<JobState, Long> mine = states.remove(queue);
    for (JobState state : JobState.values()) {
      long count = mine == null ? 0 : mine.getOrDefault(state, 0L);
      assertEquals(count, counts.of(state), () -> "jobs of " + queue + " that are " + state);
    }
    assertEquals(lingering.getOrDefault(queue, 0L), counts.lingering(), "lingering of " + queue);
    Map<Gate, Long> gates = blocked.getOrDefault(queue, Map.of());
    for (Gate gate : Gate.values()) {
      long count = gates.getOrDefault(gate, 0L);
      assertEquals(count, counts.blocked(gate), () -> "blocked in " + queue + " by " + gate);
    }
    long queued = 0;
    for (Priority priority : Priority.values()) {
      queued += counts.queued(priority);
    }
    assertEquals(counts.of(JobState.QUEUED), queued, "the channels of " + queue);
    assertEquals(
        counts.of(JobState.QUEUED) + counts.of(JobState.RUNNING),
        counts.arrived() - counts.drained(),
        "what came to " + queue + " and has not left");
  }

  private static String text(Bytes key) {
    return KeyCodec.TEXT.read().apply(key.get());
  }
}
