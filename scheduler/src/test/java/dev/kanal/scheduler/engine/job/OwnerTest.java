package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.EndRow.Address;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever made a job is told once that it ended, whatever ended it. */
final class OwnerTest {
  /** In another shard, so that nothing here takes it from its row. */
  private static final Owner OWNER = new Owner(JobId.of(5, 7, 8), "thumb", 3, 0, 1, false, 5);

  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{}"));

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldNoteTheEnd_whenAJobSucceeds() {
    JobId job = submit(SPEC);
    assertNull(end(OWNER));
    story.succeed(story.nextTask());
    assertEquals(new EndRow(job, JobState.SUCCEEDED, null, false, null), end(OWNER));
    assertTrue(story.store.has(EndRow.NOTICES, Address.of(OWNER)));
    assertEquals(0, story.nextTickMs(), "told at the next tick");
  }

  @Test
  void shouldNoteTheEnd_whenTheLastAttemptFails() {
    JobId job = submit(SPEC);
    Task task = story.nextTask();
    story.finish(task, new Outcome.Failed(new ErrorInfo("oops", "it failed", null), false));
    assertEquals(new EndRow(job, JobState.DEAD, Reason.NOT_RETRYABLE, false, null), end(OWNER));
  }

  @Test
  void shouldNoteTheEnd_whenAUserCancelsOrPurges() {
    JobId job = submit(SPEC);
    story.append(new Cancel(job, Reason.PURGED));
    assertEquals(new EndRow(job, JobState.CANCELLED, Reason.PURGED, false, null), end(OWNER));
  }

  @Test
  void shouldNoteTheEnd_whenTheDeadlinePasses() {
    JobId job = submit(SPEC.withDeadline(story.at().plusSeconds(3)));
    story.pass(Duration.ofSeconds(4));
    assertEquals(new MemberEnd(3, 0, JobState.EXPIRED, null, job, null), told());
  }

  @Test
  void shouldNoteTheEnd_whenTheQueueIsDeleted() {
    JobId job = submit(SPEC);
    story.append(new DeleteQueue("default"));
    story.append(new LogEntry.QueueChanged("default", null, story.lastOffset() + 9));
    story.tick();
    assertEquals(new MemberEnd(3, 0, JobState.DEAD, Reason.QUEUE_DELETED, job, null), told());
  }

  @Test
  void shouldNotRunAgainOrDelete_whenTheJobHasAnOwner() {
    JobId job = submit(SPEC);
    story.cancel(job);
    story.append(new Retry(job, null));
    story.assertState(JobState.CANCELLED, job);
    story.append(new Delete(job));
    story.assertState(JobState.CANCELLED, job);
  }

  /** A counter that ran out of members would wait for ever. */
  @Test
  void shouldKeepTheJob_whenItsOwnRetentionIsOver() {
    JobId job = submit(SPEC.withRetention(new Retention(Duration.ZERO, Duration.ZERO)));
    JobId other = story.submit(SPEC.withRetention(new Retention(Duration.ZERO, Duration.ZERO)));
    story.succeed(story.nextTask());
    story.succeed(story.nextTask());
    story.pass(Duration.ofMinutes(3));
    story.assertState(JobState.SUCCEEDED, job);
    assertEquals(0, story.rowsOf(other).size());
  }

  /** 32 ends are told together, or those that have come within 20 ms. */
  @Test
  void shouldWaitForOthers_whenTheMemberIsOneOfMany() {
    for (int i = 0; i < Ends.TOGETHER; i++) {
      assertEquals(0, story.count('O'), "told too soon, after " + i);
      story.submit(SPEC.withOwner(many(100 + i)));
      story.succeed(story.nextTask());
    }
    assertEquals(1, story.count('O'));
    assertEquals(0, story.count('2'));
    assertEquals(Ends.TOGETHER, story.count('1'));
  }

  @Test
  void shouldTellAfterAWhile_whenNoOthersCome() {
    story.submit(SPEC.withOwner(many(100)));
    story.succeed(story.nextTask());
    assertEquals(0, story.count('O'));
    assertEquals(story.at().toEpochMilli() + Ends.WAIT_MS, story.nextTickMs());
    story.away(Duration.ofMillis(Ends.WAIT_MS));
    story.tick();
    assertEquals(100, told().index());
    assertEquals(0, story.count('O') + story.count('1') + story.count('2'));
  }

  @Test
  void shouldTellThoseThatWait_whenOneOfTheFirstEnds() {
    story.submit(SPEC.withOwner(many(100)));
    story.succeed(story.nextTask());
    story.submit(SPEC.withOwner(many(Ends.AT_ONCE - 1)));
    story.succeed(story.nextTask());
    assertEquals(1, story.count('O'));
    assertEquals(0, story.count('2'));
    story.tick();
    assertEquals(Long.MAX_VALUE, notices(), "no timer is left");
  }

  /** When the next notice is due. */
  private long notices() {
    long[] next = {Long.MAX_VALUE};
    story.store.scan(
        Timers.from(0).keys(),
        key -> {
          next[0] = Timers.kind(key) == TimerKind.NOTICE ? Timers.dueMs(key) : next[0];
          return true;
        });
    return next[0];
  }

  private static Owner many(int index) {
    return new Owner(OWNER.id(), "thumb", index, 0, 1, false, 5);
  }

  /** What the owner's shard is told, of one job. */
  private MemberEnd told() {
    List<MemberEnd> told =
        story.effects.stream()
            .filter(Effect.Relay.class::isInstance)
            .map(each -> (Effect.Relay) each)
            .filter(each -> each.to() == OWNER.at() && each.entry() instanceof Ended)
            .flatMap(each -> ((Ended) each.entry()).ends().stream())
            .toList();
    assertEquals(1, told.size());
    return told.getFirst();
  }

  private JobId submit(JobSpec spec) {
    return story.submit(spec.withOwner(OWNER));
  }

  private @Nullable EndRow end(Owner owner) {
    return story.store.get(
        EndRow.ENDS, new EndRow.Key(Address.of(owner), owner.index(), owner.stage()));
  }
}
