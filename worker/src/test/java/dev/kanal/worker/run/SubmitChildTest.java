package dev.kanal.worker.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Scaling;
import dev.kanal.worker.Child;
import dev.kanal.worker.ChildNotSubmittedException;
import dev.kanal.worker.lane.TaskRunner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SubmitChildTest {
  private static final Instant NOW = ManualClocks.WALL_ORIGIN;
  private static final Child CHILD = Child.of("sum", Map.of("n", 1));

  private final AttemptFixture fixture = new AttemptFixture();
  private final Attempt attempt = fixture.attempt((_, payload) -> payload);

  @Test
  void shouldSubmitAJob_withTheDefaults() {
    JobId id = attempt.submit("a", CHILD);
    TaskRunner.Submission sent = fixture.submitted.getFirst();
    assertEquals(id, sent.child());
    assertEquals("a", sent.name());
    assertEquals("{\"n\":1}", sent.spec().payload().toString());
    assertEquals(JobSpec.DEFAULT_QUEUE, sent.spec().queue());
    assertEquals(JobSpec.DEFAULT_TIMEOUT, sent.spec().timeout());
    assertEquals(AttemptFixture.JOB, sent.spec().parent());
    assertEquals(AttemptFixture.TRACE, sent.trace());
  }

  @Test
  void shouldAnswerTheSameId_forTheSameName_andSubmitOnce() {
    JobId id = attempt.submit("a", CHILD);
    assertEquals(id, attempt.submit("a", Child.of("other", null)));
    assertEquals(1, fixture.submitted.size());
    assertNotEquals(id, attempt.submit("b", CHILD));
  }

  @Test
  void shouldAnswerTheSameId_inALaterAttempt() {
    JobId id = attempt.submit("a", CHILD);
    var later = AttemptFixture.task(null).withChildrenSince(NOW).withChildrenSince(NOW);
    fixture.clocks.advance(Duration.ofHours(1));
    assertEquals(id, fixture.attempt(later, (_, payload) -> payload).submit("a", CHILD));
    assertEquals(NOW.truncatedTo(ChronoUnit.MILLIS), id.createdAt());
  }

  @Test
  void shouldSayWhatTheHandlerSays() {
    Instant soon = NOW.plusMillis(10);
    attempt.submit(
        "a",
        CHILD
            .queue("images")
            .priority(Priority.HIGH)
            .key("k", 3)
            .delay(Duration.ofSeconds(5))
            .timeout(Duration.ofSeconds(7))
            .deadline(soon)
            .tag("size", "s")
            .tag("team", "blue")
            .value("tenant", "8"));
    TaskRunner.Submission sent = fixture.submitted.getFirst();
    assertEquals("images", sent.spec().queue());
    assertEquals(Priority.HIGH, sent.spec().priority());
    assertEquals(new JobKey("k", 3), sent.spec().key());
    assertEquals(new StartTime.After(Duration.ofSeconds(5)), sent.spec().start());
    assertEquals(Duration.ofSeconds(7), sent.spec().timeout());
    assertEquals(soon, sent.spec().deadline());
    assertEquals(Map.of("size", "s", "team", "blue"), sent.spec().tags());
    assertEquals("x=%20,tenant=8", sent.trace().baggage());
  }

  @Test
  void shouldEndWithItsParent_unlessItIsDetached() {
    attempt.submit("a", CHILD.deadline(NOW.plusSeconds(60)));
    attempt.submit("b", CHILD);
    attempt.submit("c", CHILD.detached());
    assertEquals(NOW.plusSeconds(1), fixture.submitted.get(0).spec().deadline());
    assertEquals(NOW.plusSeconds(1), fixture.submitted.get(1).spec().deadline());
    assertNull(fixture.submitted.get(2).spec().deadline());
    assertTrue(fixture.submitted.get(2).detached());
  }

  @Test
  void shouldFollowTheSettings_ofItsQueue() {
    QueueDefaults defaults = new QueueDefaults(null, Duration.ofSeconds(3), null);
    QueueSettings settings = QueueSettings.of(1, 10);
    fixture.queues.put(
        "limited", new QueueSettings(1, 10, 5, null, 1, false, false, defaults, Scaling.DEFAULT));
    fixture.queues.put("free", settings);
    JobId limited = attempt.submit("a", CHILD.queue("limited"));
    assertEquals(new Shards(16).ofQueue("limited"), limited.shard());
    assertEquals(Duration.ofSeconds(3), fixture.submitted.getFirst().spec().timeout());
  }

  @Test
  void shouldRefuse_whatIsAgainstTheRules() {
    refused(CHILD.queue("Not a queue"));
    refused(Child.of("not a type", null));
    refused(Child.of("sum", "x".repeat(999)));
    refused(CHILD.timeout(Duration.ZERO));
    refused(CHILD.tag("a", "1").tag("b", "2").tag("c", "3"));
    refused(CHILD.tag("", "1"));
    refused(CHILD.tag("a", "x".repeat(JobSpec.TAG_VALUE_MAX + 1)));
    refused(CHILD.value("not a token", "1"));
    assertThrows(IllegalArgumentException.class, () -> attempt.submit("", CHILD));
    assertThrows(IllegalArgumentException.class, () -> attempt.submit("x".repeat(101), CHILD));
    assertThrows(IllegalArgumentException.class, () -> CHILD.delay(Duration.ofDays(-1)));
    assertEquals(0, fixture.submitted.size());
    attempt.submit("x".repeat(100), Child.of("sum", "x".repeat(998)));
  }

  private void refused(Child child) {
    assertThrows(IllegalArgumentException.class, () -> attempt.submit("a", child));
  }

  @Test
  void shouldRefuse_beyondAThousandChildren() {
    for (int i = 0; i < ChildSubmits.CHILDREN_MAX; i++) {
      attempt.submit("n" + i, CHILD);
    }
    assertThrows(IllegalStateException.class, () -> attempt.submit("one more", CHILD));
    attempt.submit("n0", CHILD);
    assertEquals(ChildSubmits.CHILDREN_MAX, fixture.submitted.size());
  }

  @Test
  void shouldFail_whenKafkaDoesNotTakeIt_andTryAgainWhenAsked() {
    fixture.kafka = () -> CompletableFuture.failedFuture(new SendFailedException("away"));
    assertThrows(ChildNotSubmittedException.class, () -> attempt.submit("a", CHILD));
    fixture.kafka = () -> CompletableFuture.completedFuture(null);
    attempt.submit("a", CHILD);
    assertEquals(2, fixture.submitted.size());
  }

  @Test
  void shouldFail_whenTheHandlerIsToStop() {
    attempt.interrupt(TaskRunner.Why.CANCEL);
    assertThrows(IllegalStateException.class, () -> attempt.submit("a", CHILD));
  }

  @Test
  void shouldFail_whenTheThreadIsInterruptedMeanwhile() {
    fixture.kafka = CompletableFuture::new;
    Thread.currentThread().interrupt();
    assertThrows(ChildNotSubmittedException.class, () -> attempt.submit("a", CHILD));
    assertTrue(Thread.interrupted());
  }
}
