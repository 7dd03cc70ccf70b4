package dev.kanal.scheduler.engine.failure;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.FailureView.Group;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dead jobs of one shard, by failure. */
final class FailureGroupsTest {
  private final ShardStory story = ShardStory.ready();

  @Test
  void jobsThatDieOfTheSameAreOneGroup() {
    Instant first = story.at();
    JobId a = dead("order 17 is unknown");
    story.away(Duration.ofSeconds(5));
    JobId b = dead("order 4 is unknown");
    JobId c = dead("no room");

    List<Group> groups = groups();
    Group orders = group("order # is unknown");
    assertEquals(2, groups.size());
    assertEquals(2, orders.count());
    assertEquals("default sum oops", orders.queue() + " " + orders.type() + " " + orders.error());
    assertEquals(first, orders.firstSeen());
    assertEquals(first.plusSeconds(5), orders.lastSeen());
    assertEquals(List.of(b, a), orders.jobs());
    assertEquals(List.of(c), group("no room").jobs());
  }

  @Test
  void aJobLeavesItsGroup_whenItIsRetried_deleted_orForgotten() {
    JobId retried = dead("it failed");
    JobId deleted = dead("it failed");
    JobId kept = dead("it failed");
    story.append(new Retry(retried, null));
    assertEquals(List.of(kept, deleted), group("it failed").jobs());
    story.append(new Delete(deleted));
    assertEquals(1, group("it failed").count());

    story.succeed(story.nextTask());
    story.pass(Duration.ofDays(1));
    story.away(Duration.ofDays(30));
    story.pass(Duration.ofSeconds(5));
    assertEquals(List.of(), groups());
    assertEquals(0, story.count('F'), "rows of groups without a job");
  }

  @Test
  void aJobThatDiesOfSomethingElseChangesItsGroup() {
    JobId job = dead("it failed");
    story.append(new Retry(job, null));
    die("a long message ".repeat(120));

    assertEquals(1, groups().size());
    assertTrue(groups().getFirst().message().startsWith("a long message"), "an attempt apart");
    story.append(new Delete(job));
    assertEquals(0, story.count('F'));
  }

  @Test
  void whatAnAttemptBringsAfterTheEndCounts() {
    JobId job = story.submit();
    var task = story.nextTask();
    story.timeOutStillRunning(task);
    story.pass(Duration.ofMinutes(1));
    while (!story.view(job).state().isFinal()) {
      if (story.tasksWaiting() > 0) {
        story.finish(story.nextTask(), failed("it failed"));
      }
      story.pass(Duration.ofMinutes(15));
    }
    assertEquals(1, groups().stream().mapToLong(Group::count).sum());
  }

  @Test
  void groupsAreThere_whenTheShardMoves() {
    dead("it failed");
    story.move();
    dead("it failed");
    assertEquals(2, group("it failed").count());
  }

  @Test
  void someOfTheJobsAreNamed_theLastFirst() {
    List<JobId> all = new ArrayList<>();
    for (int i = 0; i <= FailureRow.JOBS_MAX; i++) {
      all.addFirst(dead("it failed"));
    }
    assertEquals(all.subList(0, FailureRow.JOBS_MAX), group("it failed").jobs());
    assertEquals(FailureRow.JOBS_MAX + 1, group("it failed").count());
  }

  @Test
  void aBulkActionTakesTheJobsOfOneFailure() {
    dead("it failed");
    JobId other = dead("no room");
    story.away(Duration.ofMillis(1));
    JobFilter filter =
        JobFilter.ALL.withStates(Set.of(JobState.DEAD)).withFailure(group("it failed").name());
    JobId bulk = JobId.of(0, 1, 1);
    story.append(
        new StartBulkAction(
            bulk, new BulkActionOrder(BulkAction.DELETE, filter, List.of(), false)));
    story.tick();
    story.tick();

    assertEquals(List.of("no room"), groups().stream().map(Group::message).toList());
    story.assertState(JobState.DEAD, other);
    BulkActionRow row = Objects.requireNonNull(story.store.get(BULKS, bulk), "bulk action");
    assertEquals(1, row.tally().done());
  }

  @Test
  void groupsBeyondTheBoundAreLeftOut_whichIsSaid() {
    for (int i = 0; i < FailureView.LOOKED_MAX; i++) {
      story.store.put(FailureRow.TABLE, (long) i, row(i));
    }
    assertNull(FailureView.of(0, story.store, null, null).cut());
    story.store.put(FailureRow.TABLE, -1L, row(-1));
    FailureView cut = FailureView.of(0, story.store, null, null);

    assertEquals(FailureView.LOOKED_MAX, cut.groups().size());
    assertTrue(cut.cut() != null, "it is said");
  }

  /** What one shard has not looked at to the end is not taken from the others either. */
  @Test
  void sumsAreOfWhatAllShardsHaveLookedAt() {
    Group low = group("0000000000000001", 3);
    Group high = group("f000000000000000", 5);
    FailureView all = new FailureView(Set.of(0), List.of(low, high), null);
    FailureView some = new FailureView(Set.of(1), List.of(low), "0000000000000001");

    FailureView sum = FailureView.sum(List.of(all, some));
    assertEquals(List.of(6L), sum.groups().stream().map(Group::count).toList());
    assertEquals(Set.of(0, 1), sum.shards());
    assertEquals(8, FailureView.sum(List.of(all)).groups().stream().mapToLong(Group::count).sum());
  }

  private static Group group(String name, long count) {
    Instant time = Instant.EPOCH;
    return new Group(name, "q", "t", "e", "m", count, time, time, List.of());
  }

  private static FailureRow row(int number) {
    FailureRow.Kind kind = new FailureRow.Kind("q", "t", "e", "m" + number);
    return FailureRow.none(kind, 1).with(JobId.of(0, 1, number & 0xFFFF), 1);
  }

  private JobId dead(String message) {
    JobId job = story.submit();
    die(message);
    story.assertState(JobState.DEAD, job);
    return job;
  }

  private void die(String message) {
    story.finish(story.nextTask(), failed(message));
  }

  private static Outcome failed(String message) {
    return new Outcome.Failed(new ErrorInfo("oops", message, null), false);
  }

  private List<Group> groups() {
    return FailureView.of(0, story.store, null, null).groups();
  }

  private Group group(String message) {
    return named(message).findFirst().orElseThrow();
  }

  private Stream<Group> named(String message) {
    return groups().stream().filter(group -> group.message().equals(message));
  }
}
