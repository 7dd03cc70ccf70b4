package dev.kanal.scheduler.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One shard that is home to all, with a schedule, a hand-moved clock and a prompt relay. */
final class ScheduleStory {
  static final String NAME = "nightly";
  static final JobSpec JOB = JobSpec.of("report", JsonBytes.of("{\"a\":1}"));
  static final ScheduleSpec TEN_SECONDS =
      ScheduleSpec.of(new Cadence.Every(Duration.ofSeconds(10)), JOB);

  final ShardStory shard;
  private int relayed;

  ScheduleStory() {
    this(new Decisions(EngineRules.DEFAULT, new Shards(1)));
  }

  ScheduleStory(Decider decider) {
    shard = new ShardStory(decider, new Shards(1));
    shard.queueReady("default", "topic-1");
  }

  /** A story with this schedule, put now. */
  static ScheduleStory of(ScheduleSpec spec) {
    ScheduleStory story = new ScheduleStory();
    story.put(spec);
    return story;
  }

  void put(ScheduleSpec spec) {
    append(new PutSchedule(NAME, spec, Precondition.NONE));
  }

  void append(LogEntry entry) {
    shard.append(entry);
    relay();
  }

  /** Lets time pass in steps of a second, with a tick in each. */
  void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      shard.away(Duration.ofSeconds(1));
      tick();
    }
  }

  /** Lets time pass while nobody is there, and then ticks for as long as somebody asks for it. */
  void away(Duration time) {
    shard.away(time);
    tick();
    for (int i = 0; i < 2_000 && shard.nextTickMs() <= shard.at().toEpochMilli(); i++) {
      tick();
    }
  }

  void tick() {
    shard.tick();
    relay();
  }

  /** Brings what the shard has for itself, twice, as after a crash. */
  private void relay() {
    while (relayed < shard.effects.size()) {
      if (shard.effects.get(relayed++) instanceof Effect.Relay(int to, var sequence, var entry)) {
        shard.append(new Relayed(to, sequence, entry));
        shard.append(new Relayed(to, sequence, entry));
        shard.append(new RelayDone(to, sequence));
      }
    }
  }

  void succeed() {
    shard.succeed(shard.nextTask());
    relay();
  }

  ScheduleView view() {
    ScheduleView view = ScheduleView.read(shard.store, NAME);
    assertNotNull(view, "the schedule");
    return view;
  }

  List<ScheduledRun> runs() {
    return view().runs();
  }

  /** Seconds from the schedule's anchor to the ticks of its remembered runs. */
  List<Long> ticks() {
    return runs().stream().map(run -> seconds(run.tick())).toList();
  }

  /** Its skipped ticks, such as {@code paused 2 10-20}. */
  List<String> skipped() {
    return view().skipped().stream().map(this::text).toList();
  }

  JobState state(int run) {
    return shard.view(job(run)).state();
  }

  JobId job(int run) {
    return runs().get(run).job();
  }

  private String text(Skipped skipped) {
    return "%s %d %d-%d"
        .formatted(
            skipped.reason().text(),
            skipped.count(),
            seconds(skipped.first()),
            seconds(skipped.last()));
  }

  private long seconds(Instant time) {
    return Duration.between(view().anchor(), time).toSeconds();
  }
}
