package dev.kanal.scheduler.engine.bulkaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobScanTest {
  private static final List<String> QUEUES = List.of("default", "a", "a-b", "not-ready");
  private static final List<JobState> STATES = List.of(JobState.values());
  private static final Duration HOUR = Duration.ofHours(1);

  private final ShardStory story = ShardStory.ready();
  private final Set<JobId> jobs = new TreeSet<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shouldFindWhatAPlainFilterFinds_followingPagesToTheEnd(int seed) {
    Random random = new Random(seed);
    tell(random, 1_500);
    for (int i = 0; i < 120; i++) {
      JobFilter filter = filter(random);
      List<JobId> expected = plain(filter);

      List<JobId> found = new ArrayList<>();
      JobId below = null;
      do {
        JobScan.Bounds bounds =
            new JobScan.Bounds(
                1 + random.nextInt(40), 1 + random.nextInt(300), random::nextBoolean);
        JobScan.Found page = new JobScan(story.store, filter, below).next(bounds);
        page.jobs().forEach(row -> found.add(row.id()));
        below = page.reached();
      } while (below != null);

      assertEquals(expected, found, filter + " of seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void shouldMissNothingAndDoubleNothing_whileJobsChangeBetweenPages(int seed) {
    Random random = new Random(seed);
    tell(random, 600);
    for (int i = 0; i < 40; i++) {
      JobFilter filter = filter(random).withStates(Set.of());
      Set<JobId> expected = new HashSet<>(plain(filter));

      List<JobId> found = new ArrayList<>();
      JobId below = null;
      do {
        JobScan.Found page =
            new JobScan(story.store, filter, below).next(new JobScan.Bounds(20, 100, () -> false));
        page.jobs().forEach(row -> found.add(row.id()));
        below = page.reached();
        tell(random, 10);
      } while (below != null);

      assertEquals(found.size(), new HashSet<>(found).size(), "doubled");
      assertTrue(found.containsAll(expected), "missed");
    }
  }

  @Test
  void shouldLookAtNoMoreJobsThanItMay_andSayHowFarItCame() {
    tell(new Random(6), 500);
    JobFilter nothing = JobFilter.ALL.withQueue("none");

    JobScan.Found page =
        new JobScan(story.store, nothing, null).next(new JobScan.Bounds(10, 100, () -> false));

    List<JobId> newestFirst = plain(JobFilter.ALL);
    assertEquals(List.of(), page.jobs());
    assertEquals(newestFirst.get(99), page.reached());
  }

  /** Else a list of many shards stands still until its time is up. */
  @Test
  void shouldGetFurtherWithEachCall_howeverShortTheTime() {
    tell(new Random(7), 500);
    List<JobId> expected = plain(JobFilter.ALL);

    JobScan scan = new JobScan(story.store, JobFilter.ALL, null);
    List<JobId> found = new ArrayList<>();
    int calls = 0;
    JobId reached;
    do {
      JobScan.Found page = scan.next(new JobScan.Bounds(500, JobScan.LOOKED_EACH, () -> true));
      page.jobs().forEach(row -> found.add(row.id()));
      reached = page.reached();
      calls++;
    } while (reached != null && calls < 500);

    assertEquals(expected, found);
    assertTrue(calls <= expected.size() / JobScan.LOOKED_EACH + 10, "calls: " + calls);
  }

  @Test
  void shouldLookOnlyAtTheIndex_whenItHasTheStatesAskedFor() {
    JobId dead = story.submit();
    story.finish(story.nextTask(), failed(false));
    for (int i = 0; i < 1_000; i++) {
      story.submit();
      story.succeed(story.nextTask());
    }
    JobFilter filter = JobFilter.ALL.withStates(EnumSet.of(JobState.DEAD));

    JobScan.Found page =
        new JobScan(story.store, filter, null).next(new JobScan.Bounds(10, 2, () -> false));

    assertEquals(List.of(dead), page.jobs().stream().map(JobRow::id).toList());
    assertEquals(null, page.reached());
  }

  @Test
  void shouldFileNothing_onTheWayFromQueuedToSucceeded() {
    story.submit();
    assertEquals(0, filed());
    story.succeed(story.nextTask());
    assertEquals(0, filed());
    story.submit(spec("default").withStart(new StartTime.After(HOUR)));
    assertEquals(1, filed());
  }

  private long filed() {
    long[] rows = {0};
    story.store.scan(
        Bytes.wrap(new byte[] {'f'}), Bytes.wrap(new byte[] {'g'}), (_, _) -> ++rows[0] > 0);
    return rows[0];
  }

  /** Lets this many things happen to jobs of all kinds. */
  private void tell(Random random, int events) {
    QUEUES.stream().limit(3).forEach(queue -> story.queueReady(queue, "t-" + queue));
    for (int i = 0; i < events; i++) {
      if (random.nextInt(4) == 0) {
        story.pass(Duration.ofMillis(random.nextInt(700)));
      }
      int what = random.nextInt(10);
      if (what < 5 || story.tasksWaiting() == 0) {
        jobs.add(story.submit(randomSpec(random)));
      } else {
        handle(story.nextTask(), what);
      }
    }
  }

  private void handle(Task task, int how) {
    switch (how) {
      case 5 -> story.succeed(task);
      case 6 -> story.finish(task, failed(false));
      case 7 -> story.finish(task, failed(true));
      case 8 -> story.lease(task);
      default -> {}
    }
  }

  private static Outcome failed(boolean retryable) {
    return new Outcome.Failed(new ErrorInfo("oops", "it failed", ""), retryable);
  }

  private JobSpec randomSpec(Random random) {
    JobSpec spec =
        spec(QUEUES.get(random.nextInt(QUEUES.size())))
            .withTags(
                random.nextBoolean()
                    ? Map.of("t", "" + random.nextInt(3), "u", "" + random.nextInt(2))
                    : Map.of());
    spec = random.nextInt(8) == 0 ? spec.withKey(new JobKey("k" + random.nextInt(2), 5)) : spec;
    spec =
        random.nextInt(8) == 0
            ? spec.withTick(new ScheduleTick("s" + random.nextInt(2), Instant.EPOCH))
            : spec;
    spec = random.nextInt(6) == 0 ? spec.withStart(new StartTime.After(HOUR)) : spec;
    return random.nextInt(8) == 0 ? spec.withDeadline(story.at().plusSeconds(20)) : spec;
  }

  private static JobSpec spec(String queue) {
    return JobSpec.of("sum", JsonBytes.of("{}")).withQueue(queue);
  }

  private JobFilter filter(Random random) {
    EnumSet<JobState> states = EnumSet.noneOf(JobState.class);
    for (int i = random.nextInt(4); i > 0; i--) {
      states.add(STATES.get(random.nextInt(STATES.size())));
    }
    Instant someTime = story.at().minusSeconds(random.nextInt(600));
    return new JobFilter(
        states,
        random.nextInt(2) == 0 ? null : QUEUES.get(random.nextInt(QUEUES.size())),
        random.nextInt(10) == 0 ? "other" : null,
        random.nextInt(3) == 0 ? Map.of("t", "1") : Map.of(),
        random.nextInt(8) == 0 ? "k1" : null,
        random.nextInt(8) == 0 ? "s1" : null,
        null,
        null,
        random.nextInt(4) == 0 ? someTime.minusSeconds(random.nextInt(300)) : null,
        random.nextInt(4) == 0 ? someTime : null,
        Set.of());
  }

  /** The jobs that the filter means, newest first, looked at one by one. */
  private List<JobId> plain(JobFilter filter) {
    List<JobId> oldestFirst =
        jobs.stream()
            .filter(
                id -> {
                  JobView job = story.view(id);
                  return filter.matches(job.spec(), job.state(), job.createdAt());
                })
            .sorted()
            .collect(Collectors.toList());
    return oldestFirst.reversed();
  }
}
