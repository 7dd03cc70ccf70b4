package dev.kanal.scheduler.engine.reference;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.control.ControlCodec;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What earlier releases have written is read as they meant it: an upgrade goes on from their rows,
 * and reads their records. {@code -Dgolden.write=VERSION} adds what the code of today writes.
 */
final class ReleaseTest {
  private static final Path RELEASES = Path.of("src", "test", "resources", "releases");
  private static final String SUFFIX = ".gz";

  /** A life with faults: {@code seed % 4 != 0}. */
  private static final long SEED = 7;

  private static final int STEPS = 3_000;

  @TestFactory
  List<DynamicTest> shouldGoOnFromWhatAReleaseHasWritten() throws IOException {
    writeIfAsked();
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(RELEASES)) {
      for (Path file : files.sorted().toList()) {
        Release release = Release.read(file);
        String name = file.getFileName() + ": ";
        tests.add(DynamicTest.dynamicTest(name + "log", () -> readsTheLog(release)));
        tests.add(DynamicTest.dynamicTest(name + "rows", () -> goesOnFromRows(release)));
        tests.add(DynamicTest.dynamicTest(name + "records", () -> readsTasks(release)));
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  @Test
  void shouldKeepAllOfIt_whenWrittenAndRead(@TempDir Path directory) throws IOException {
    Release release = Release.ofToday(SEED + 2, 300);
    Path file = directory.resolve("x" + SUFFIX);
    release.write(file);

    Release read = Release.read(file);

    assertEquals(release.log, read.log);
    assertEquals(release.half, read.half);
    assertEquals(release.end, read.end);
    assertEquals(release.tasks, read.tasks);
    assertEquals(release.controls, read.controls);
    assertTrue(read.tasks.size() > 10 && read.controls.size() > 1 && read.log.size() > 100);
  }

  /** A node that has lost its disk reads the log, or what is left of it, from the beginning. */
  private static void readsTheLog(Release release) {
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      Replay replay = new Replay(shard, Map.of());
      replay.apply(release.logOf(shard));
      assertSame(release.end.get(shard), replay.rows());
    }
  }

  /** A node of today takes over what one of the release had committed. */
  private static void goesOnFromRows(Release release) {
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      List<Release.LogLine> records = release.logOf(shard);
      Replay replay = new Replay(shard, release.half.get(shard));
      // The first record of these has been read before the take-over already, and does nothing.
      replay.apply(records.subList(records.size() / 2 - 1, records.size()));
      assertSame(release.end.get(shard), replay.rows());
    }
  }

  /** Workers of today take tasks of the release, and do what its engine says. */
  private static void readsTasks(Release release) {
    List<Task> tasks = new ArrayList<>();
    List<ControlMessage> controls = new ArrayList<>();
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      Replay replay = new Replay(shard, Map.of());
      replay.apply(release.logOf(shard));
      tasks.addAll(replay.dispatched());
      controls.addAll(replay.controls());
    }
    boolean tellsBackoff = release.tasks.stream().anyMatch(sent -> sent.has(TaskRecords.BACKOFF));
    assertEquals(
        tasks.stream().map(task -> tellsBackoff ? task : withoutBackoff(task)).toList(),
        release.tasks.stream().map(ReleaseTest::read).toList());
    assertEquals(
        controls, release.controls.stream().map(each -> ControlCodec.decode(each.get())).toList());
  }

  /** As a release sent it that did not say how long a job would wait: by the default policy. */
  private static Task withoutBackoff(Task task) {
    return read(Release.sent(TaskRecords.encode("tasks", task)).without(TaskRecords.BACKOFF));
  }

  private static Task read(Release.SentTask sent) {
    RecordHeaders headers = new RecordHeaders();
    sent.headers().forEach(each -> headers.add(each.name(), each.value().get()));
    return TaskRecords.decode(
        new ConsumerRecord<>(
            "tasks",
            0,
            0L,
            0L,
            TimestampType.LOG_APPEND_TIME,
            sent.key().get().length,
            sent.value().get().length,
            sent.key().get(),
            sent.value().get(),
            headers,
            Optional.empty()));
  }

  /** The same rows; those of jobs and attempts may stand in a newer format. */
  private static void assertSame(Map<Bytes, Bytes> golden, Map<Bytes, Bytes> fresh) {
    assertEquals(golden.keySet(), fresh.keySet(), "the keys of the rows");
    Map<Bytes, String> differing = new TreeMap<>();
    golden.forEach(
        (key, value) -> {
          Bytes now = requireNonNull(fresh.get(key), "a row of the same key");
          if (!value.equals(now)
              && !goesOn(key, value, now)
              && !meaning(key, value).equals(meaning(key, now))) {
            differing.put(key, value + " is now " + now);
          }
        });
    assertEquals(Map.of(), differing);
  }

  private static Object meaning(Bytes key, Bytes row) {
    return switch (key.get()[0]) {
      case 'j' -> meaning(JOBS.values().decode(row.get()));
      case 'a' -> meaning(ATTEMPTS.values().decode(row.get()));
      default -> row;
    };
  }

  private static JobRow meaning(JobRow row) {
    Attempt last = row.body().last();
    JobRow known = row.state().isFinal() ? row : row.with(known(row.status()));
    return last == null ? known : known.with(row.body().withLast(meaning(last)));
  }

  /** Release 0.1.0 did not tell since when a job waits. */
  private static JobStatus known(JobStatus status) {
    return new JobStatus(
        status.state(),
        status.reason(),
        status.gate(),
        status.tries(),
        status.sent(),
        status.lease(),
        status.holdsKey(),
        status.dueMs(),
        status.offset(),
        0,
        status.commandOffset(),
        status.version());
  }

  /** Release 0.1.0 did not tell by which gate jobs are blocked, nor who holds a key. */
  private static boolean goesOn(Bytes key, Bytes before, Bytes now) {
    int length = before.get().length;
    return (key.get()[0] == 'c' || key.get()[0] == 'o')
        && now.get().length > length
        && Arrays.equals(before.get(), Arrays.copyOf(now.get(), length));
  }

  /** Release 0.1.0 wrote workers' ids with a {@code #}, in the message about a lost one, too. */
  private static Attempt meaning(Attempt each) {
    ErrorInfo error = each.error();
    return new Attempt(
        each.number(),
        each.dispatch(),
        each.outcome(),
        each.worker(),
        each.startedAt(),
        each.finishedAt(),
        error == null || !error.type().equals("worker-lost")
            ? error
            : new ErrorInfo(error.type(), WorkerRef.shown(error.message()), error.stack()),
        each.trace(),
        each.sentAt(),
        each.recordedAt());
  }

  private static void writeIfAsked() throws IOException {
    String version = System.getProperty("golden.write", "");
    if (!version.isEmpty()) {
      Path file = RELEASES.resolve(version + SUFFIX);
      assertFalse(Files.exists(file), () -> file + " is never changed");
      Release.ofToday(SEED, STEPS).write(file);
    }
  }
}
