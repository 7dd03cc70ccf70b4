package dev.kanal.scheduler.engine.joblog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobLog;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class JobLogTest {
  private static final WorkerRef OTHER = new WorkerRef("w2", 9);

  private final ShardStory story = ShardStory.ready();
  private final JobId job = story.submit();
  private final Task task = story.nextTask();

  @Test
  void shouldKeepLines_inOrder() {
    story.lease(task);
    log(task, 0, 0, "one", "two");
    log(task, 2, 0, "three");
    assertEquals(List.of("1 1 one", "2 1 two", "3 1 three"), lines());
    assertEquals(0, read().omitted());
  }

  @Test
  void shouldTakeLinesOnce_whenTheyComeAgain() {
    log(task, 0, 0, "one");
    log(task, 0, 0, "one");
    log(task, 1, 0, "two");
    log(task, 0, 0, "one");
    assertEquals(List.of("1 1 one", "2 1 two"), lines());
  }

  @Test
  void shouldCountLines_thatGotLost() {
    log(task, 0, 0, "one");
    log(task, 4, 2, "seven");
    assertEquals(List.of("1 1 one", "2 1 seven"), lines());
    assertEquals(5, read().omitted());
  }

  @Test
  void shouldKeepTheLines_ofEarlierAttempts() {
    log(task, 0, 0, "first");
    story.fail(task);
    story.pass(Duration.ofSeconds(5));
    Task second = story.nextTask();
    log(second, 0, 0, "second");
    assertEquals(List.of("1 1 first", "2 2 second"), lines());
  }

  @Test
  void shouldKeepTheLines_ofAnotherWorkerWithTheSameTask() {
    log(task, 0, 0, "mine");
    append(task, OTHER, 0, 0, List.of("theirs"));
    log(task, 1, 0, "mine again");
    assertEquals(List.of("1 1 mine", "2 1 theirs", "3 1 mine again"), lines());
    assertEquals(0, read().omitted());
  }

  @Test
  void shouldNotTakeLines_ofARunThatDoesNotCountAnyMore() {
    story.fail(task);
    log(task, 0, 0, "too late");
    story.pass(Duration.ofSeconds(5));
    log(task, 0, 0, "far too late");
    story.append(new Logged(ShardStory.run(task, OTHER), 0, 0, List.of(line("who"))));
    assertEquals(List.of(), lines());
  }

  @Test
  void shouldTakeTheLastLines_ofACancelledHandler() {
    story.lease(task);
    story.cancel(job);
    log(task, 0, 0, "cleaning up");
    assertEquals(List.of("1 1 cleaning up"), lines());
  }

  @Test
  void shouldIgnoreLines_ofAJobThatThereIsNot() {
    story.succeed(task);
    story.append(new Delete(job));
    log(task, 0, 0, "who?");
    assertNull(JobLog.read(story.store, job));
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldKeepAThousandLines_andCountTheOthers() {
    for (int i = 0; i < 25; i++) {
      log(task, i * 100L, 0, texts(i * 100, 100, 5));
    }
    JobLog log = read();
    assertEquals(Logged.LINES_MAX, log.lines().size());
    assertEquals(1_500, log.omitted());
    assertEquals(2_500, log.lines().getLast().number());
    assertTrue(log.lines().getLast().text().startsWith("2499"));
    assertTrue(story.count('M') <= 9, "chunks: " + story.count('M'));
  }

  @Test
  void shouldKeep64KiB_andCountTheOthers() {
    for (int i = 0; i < 20; i++) {
      log(task, i * 16L, 0, texts(i * 16, 16, 1_000));
    }
    JobLog log = read();
    assertEquals(65, log.lines().size());
    assertEquals(255, log.omitted());
    assertTrue(story.count('M') <= 10, "chunks: " + story.count('M'));
  }

  @Test
  void shouldShowWhatComesAfterALine() {
    log(task, 0, 0, "one", "two", "three");
    assertEquals(1, read().after(2).lines().size());
  }

  @Test
  void shouldLeaveNothing_whenTheJobIsDeleted() {
    for (int i = 0; i < 5; i++) {
      log(task, i * 100L, 0, texts(i * 100, 100, 50));
    }
    story.succeed(task);
    story.append(new Delete(job));
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldCutALine_ofMoreThanAThousandCharacters() {
    assertEquals(1_000, line("x".repeat(1_001)).text().length());
    assertEquals(999, line("x".repeat(999) + "\uD83D\uDE00").text().length());
  }

  private void log(Task run, long before, int omitted, String... texts) {
    append(run, ShardStory.WORKER, before, omitted, List.of(texts));
  }

  private void append(Task run, WorkerRef worker, long before, int omitted, List<String> texts) {
    List<LogLine> lines = texts.stream().map(this::line).toList();
    story.append(new Logged(ShardStory.run(run, worker), before, omitted, lines));
  }

  private LogLine line(String text) {
    return new LogLine(story.at(), text);
  }

  private static String[] texts(int from, int count, int length) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> (i + "-".repeat(length)).substring(0, Math.max(length, 4)))
        .toArray(String[]::new);
  }

  private JobLog read() {
    JobLog log = JobLog.read(story.store, job);
    assertNotNull(log, "the log of " + job);
    return log;
  }

  private List<String> lines() {
    return read().lines().stream()
        .map(line -> line.number() + " " + line.attempt() + " " + line.text())
        .toList();
  }
}
