package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.RefuseChild;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.out.ChildQueueProvisioner;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes to a deleted queue by a way that no check guards. */
@Timeout(60)
final class DeletedQueueTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Channel CHANNEL = new Channel("default", Priority.NORMAL);
  private static final Effect WANTED = new Effect.Wanted(CHANNEL);
  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{}"));

  @Test
  void shouldMakeTheQueueAnew_whenAJobComesToItLater() {
    ShardStory story = ShardStory.ready();
    JobId waits = story.submit(SPEC.withStart(new StartTime.After(SECOND)));
    JobId retries = story.submit();
    story.fail(story.nextTask());
    JobId dead = story.submit();
    Outcome never = new Outcome.Failed(new ErrorInfo("no", "never", null), false);
    story.finish(story.nextTask(), never);
    delete(story);
    JobId late = story.submit();
    assertWanted(story);
    story.append(new Retry(dead, null));
    assertWanted(story);
    story.pass(SECOND.multipliedBy(3));
    assertWanted(story);
    story.move();
    story.tick();
    Stream.of(waits, retries, dead, late).forEach(job -> story.assertState(JobState.BLOCKED, job));
    story.queueReady("default", "topic-2");
    Stream.of(waits, retries, dead, late).forEach(job -> story.assertState(JobState.QUEUED, job));
  }

  @Test
  void shouldEndWhatWaits_andRefuseNoJobWhoseQueueHasCome() {
    ShardStory story = ShardStory.ready();
    JobId blocked = story.submit();
    story.dispatchFailed(story.nextTask());
    JobId queued = story.submit();
    delete(story);
    Stream.of(blocked, queued)
        .forEach(job -> assertEquals(Reason.QUEUE_DELETED, story.view(job).reason()));
    JobId late = story.submit();
    story.queueReady("default", "topic-2");
    JobSpec spec = story.view(late).spec();
    story.append(new RefuseChild(late, spec, TraceContext.NONE, Reason.QUEUE_DELETED));
    story.assertState(JobState.QUEUED, late);
  }

  /** The word that the queue is ready may have come to the shard before that of its deletion. */
  @Test
  void shouldAskAgain_untilTheShardKnowsThatTheQueueIsReady() throws Exception {
    ShardStory story = ShardStory.ready();
    delete(story);
    story.submit();
    BlockingQueue<Channel> asked = new LinkedBlockingQueue<>();
    try (ChildQueueProvisioner wanted =
        wanted(
            story,
            channel -> {
              asked.add(channel);
              return CompletableFuture.completedFuture(true);
            },
            new Entries())) {
      wanted.see(CHANNEL);
      wanted.see(CHANNEL);
      assertEquals(CHANNEL, asked.poll(30, TimeUnit.SECONDS));
      assertEquals(CHANNEL, asked.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void shouldRefuseEveryJobThatWaits_whenThereIsNoSuchQueue() throws Exception {
    ShardStory story = ShardStory.ready();
    delete(story);
    for (int i = 0; i < 700; i++) {
      story.submit();
    }
    Entries log = new Entries();
    try (ChildQueueProvisioner wanted =
        wanted(story, _ -> CompletableFuture.completedFuture(false), log)) {
      wanted.resume();
      while (story.count("default", JobState.DEAD) < 700) {
        LogEntry entry = log.all.poll(30, TimeUnit.SECONDS);
        assertTrue(entry != null, () -> story.count("default", JobState.DEAD) + " are refused");
        story.append(entry);
      }
    }
    assertEquals(0, story.count("default", JobState.BLOCKED));
  }

  private static void delete(ShardStory story) {
    story.append(new QueueChanged("default", null, 99));
    story.tick();
  }

  private static void assertWanted(ShardStory story) {
    assertTrue(story.effects.contains(WANTED), "the queue is asked for");
    story.effects.clear();
  }

  private static ChildQueueProvisioner wanted(
      ShardStory story, Function<Channel, CompletableFuture<Boolean>> onWanted, Sink<ToShard> log) {
    return new ChildQueueProvisioner(0, log, onWanted, story.store);
  }

  private static final class Entries implements Sink<ToShard> {
    private final BlockingQueue<LogEntry> all = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Position> send(ToShard entry) {
      all.add(entry.entry());
      return CompletableFuture.completedFuture(new Position(0, 0, Instant.EPOCH));
    }

    @Override
    public void close() {}
  }
}
