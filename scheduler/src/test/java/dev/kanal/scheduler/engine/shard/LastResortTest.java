package dev.kanal.scheduler.engine.shard;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Inputs that cannot be read or decided about: nobody else waits for ever for what they bring. */
final class LastResortTest {
  /** A shard of a later version may ask for what this one cannot read. */
  @Test
  void shouldTakeTheNextRelayedEntries_whenOneCannotBeRead() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    byte[] relayed = LogCodec.encode(new Relayed(3, 1, new Cancel(job, null)));
    byte[] inner = LogCodec.encode(new Cancel(job, null));
    relayed[relayed.length - inner.length + 1] = 99;
    story.apply(relayed);
    assertEquals(1, story.quarantined.size());
    story.append(new Relayed(3, 2, new Cancel(job, null)));
    story.assertState(JobState.CANCELLED, job);
  }

  /** A job is not held up by one of its key that could be ended by the last resort only. */
  @Test
  void shouldPassThePlaceOn_whenADecisionThrowsAndSoDoesWhatFollows() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(16));
    boolean[] broken = {false};
    Decider wrong =
        new Decider() {
          @Override
          public void decide(Step step, Input input) {
            right.decide(step, input);
            if (broken[0] && input.job() != null) {
              throw new IllegalStateException("planted");
            }
          }

          @Override
          public void conclude(Step step) {
            if (broken[0]) {
              throw new IllegalStateException("planted, too");
            }
            right.conclude(step);
          }
        };
    ShardStory story = new ShardStory(wrong);
    story.queueReady("default", "topic-1");
    JobSpec keyed = JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1));
    JobId first = story.submit(keyed.withStart(new StartTime.After(Duration.ofHours(1))));
    JobId second = story.submit(keyed);
    story.assertState(JobState.BLOCKED, second);
    broken[0] = true;
    story.cancel(first);
    broken[0] = false;
    assertEquals(Reason.ENGINE_ERROR, story.view(first).reason());
    assertEquals(0, story.nextTickMs());
    story.tick();
    story.assertState(JobState.QUEUED, second);
  }

  /** Its owner counts the jobs that have ended, and would wait for this one for ever. */
  @Test
  void shouldTellTheOwner_whenADecisionThrowsAndSoDoesWhatFollows() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(16));
    boolean[] broken = {false};
    Decider wrong =
        new Decider() {
          @Override
          public void decide(Step step, Input input) {
            if (broken[0] && input.job() != null) {
              throw new IllegalStateException("planted");
            }
            right.decide(step, input);
          }

          @Override
          public void conclude(Step step) {
            if (broken[0]) {
              throw new IllegalStateException("planted, too");
            }
            right.conclude(step);
          }
        };
    ShardStory story = new ShardStory(wrong);
    story.queueReady("default", "topic-1");
    Owner owner = new Owner(JobId.of(5, 7, 8), "thumb", 3, 0, 1, false, 5);
    JobId job = story.submit(JobSpec.of("sum", JsonBytes.of("{}")).withOwner(owner));
    broken[0] = true;
    story.cancel(job);
    broken[0] = false;
    assertEquals(Reason.ENGINE_ERROR, story.view(job).reason());
    EndRow.Key end = new EndRow.Key(EndRow.Address.of(owner), 3, 0);
    EndRow told = new EndRow(job, JobState.DEAD, Reason.ENGINE_ERROR, false, null);
    assertEquals(told, story.store.get(EndRow.ENDS, end));
  }

  /** Nothing can be done about its job: the input counts as read, and the shard goes on. */
  @Test
  void shouldGoOn_whenAJobsRowCannotBeRead() {
    ShardStory story = ShardStory.ready();
    JobId bad = story.submit();
    story.store.put(JOBS.key(bad), new byte[] {99});
    story.append(new Relayed(3, 1, new Cancel(bad, null)));
    JobId good = story.submit();
    story.append(new Relayed(3, 2, new Cancel(good, null)));
    story.assertState(JobState.CANCELLED, good);
    assertEquals(1, story.quarantined.size());
  }

  /** One that is tried at each tick must not fill the quarantine, nor hold up the others. */
  @Test
  void shouldTryAWalkOnceAStep_whenItCannotBeDecided() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(16));
    boolean[] broken = {true};
    Decider wrong =
        (step, input) -> {
          if (input instanceof Input.QueueWalk && broken[0]) {
            throw new IllegalStateException("planted");
          }
          right.decide(step, input);
        };
    ShardStory story = new ShardStory(wrong);
    JobId job = story.submit();
    story.queueReady("default", "topic-1");
    assertEquals(1, story.quarantined.size());
    assertTrue(story.nextTickMs() > story.at().toEpochMilli(), "no tick at once");
    assertTrue(story.nextTickMs() < Long.MAX_VALUE, "a tick later");
    broken[0] = false;
    story.away(Duration.ofSeconds(60));
    story.tick();
    story.assertState(JobState.QUEUED, job);
  }
}
