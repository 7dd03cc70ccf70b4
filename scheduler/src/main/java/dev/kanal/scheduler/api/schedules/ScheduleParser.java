package dev.kanal.scheduler.api.schedules;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Cron;
import dev.kanal.common.schedule.Misfire;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.JobFields;
import dev.kanal.scheduler.api.spec.JobParser;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A schedule while its fields are read. Belongs to the call that reads it. */
public final class ScheduleParser {
  public static final String FIELDS =
      "cron, every, zone, job, misfire, startingDeadline, concurrencyPolicy, paused";

  private final FieldReader fields;
  private final JobFields job;

  private boolean jobSeen;
  private boolean cronSeen;
  private boolean everySeen;
  private boolean zoneSeen;
  private @Nullable Cron cron;
  private @Nullable Duration every;
  private ZoneId zone = ZoneOffset.UTC;
  private Misfire.Policy policy = Misfire.DEFAULT.policy();
  private int limit = Misfire.DEFAULT.limit();
  private @Nullable Duration startingDeadline;
  private ConcurrencyPolicy concurrency = ConcurrencyPolicy.ALLOW;
  private @Nullable Boolean paused;

  private ScheduleParser(JsonParser json, LimitsConfig limits) {
    this.fields = new FieldReader(json);
    this.job = new JobFields(json, limits, fields.within("/job"));
  }

  /**
   * What came of it.
   *
   * @param paused as it was given; null if it was not
   */
  record Parsed(ScheduleSpec spec, @Nullable Boolean paused) {}

  /**
   * Makes a schedule of the JSON that a client sent, or says everything that is wrong with it.
   *
   * @param queues what each queue gives its jobs that do not say; taken over into the schedule
   */
  static Parsed parse(
      byte[] body, LimitsConfig limits, Instant now, Function<String, QueueDefaults> queues)
      throws RefusedException {
    return JsonBody.read(
            body,
            0,
            body.length,
            json -> {
              ScheduleParser reading = new ScheduleParser(json, limits);
              reading.fields.object("", FIELDS, name -> reading.readField(name, body));
              return reading;
            })
        .finish(now, queues);
  }

  private boolean readField(String name, byte[] body) throws IOException {
    switch (name) {
      case "cron" -> readCron();
      case "every" -> readEvery();
      case "zone" -> readZone();
      case "job" -> {
        jobSeen = true;
        job.read(body, 0);
      }
      case "misfire" -> fields.object("/misfire", "policy, limit", this::readMisfire);
      case "startingDeadline" ->
          startingDeadline =
              fields.duration(
                  "/startingDeadline",
                  ScheduleSpec.STARTING_DEADLINE_MIN,
                  ScheduleSpec.STARTING_DEADLINE_MAX);
      case "concurrencyPolicy" -> {
        List<ConcurrencyPolicy> all = List.of(ConcurrencyPolicy.values());
        concurrency = choice("/concurrencyPolicy", all, ConcurrencyPolicy::text, concurrency);
      }
      case "paused" -> paused = fields.bool("/paused");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readCron() throws IOException {
    cronSeen = true;
    String text = fields.text("/cron");
    if (text != null) {
      try {
        cron = Cron.parse(text);
      } catch (IllegalArgumentException e) {
        fields.refuse("/cron", String.valueOf(e.getMessage()));
      }
    }
  }

  private void readEvery() throws IOException {
    everySeen = true;
    every = fields.duration("/every", Cadence.Every.MIN, Cadence.Every.MAX);
  }

  private void readZone() throws IOException {
    zoneSeen = true;
    String text = fields.text("/zone");
    if (text != null) {
      try {
        zone = ZoneId.of(text);
      } catch (DateTimeException e) {
        fields.refuse(
            "/zone",
            "Expected a time zone such as UTC or Europe/Paris, but got " + Quoted.of(text));
      }
    }
  }

  private boolean readMisfire(String name) throws IOException {
    switch (name) {
      case "policy" -> {
        List<Misfire.Policy> all = List.of(Misfire.Policy.values());
        policy = choice("/misfire/policy", all, Misfire.Policy::text, policy);
      }
      case "limit" -> {
        Integer value = fields.wholeNumber("/misfire/limit", 1, Misfire.LIMIT_MAX);
        limit = value == null ? limit : value;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private <T> T choice(String pointer, List<T> all, Function<T, String> text, T otherwise)
      throws IOException {
    T chosen = fields.choice(pointer, all, text);
    return chosen == null ? otherwise : chosen;
  }

  private Parsed finish(Instant now, Function<String, QueueDefaults> queues)
      throws RefusedException {
    Cadence cadence = cadence();
    if (!jobSeen) {
      fields.refuse("/job", "Expected a job, but it is missing");
      throw fields.refusal();
    }
    if (job.keys.idempotencyKey(null) != null) {
      fields.refuse(
          "/job/idempotencyKey",
          "Expected the job of a schedule without idempotencyKey, which each tick brings itself,"
              + " but got one");
    }
    JobSpec spec =
        switch (job.finish(now, queues)) {
          case JobParser.Parsed.Refused(Problem problem) -> throw new RefusedException(problem);
          case JobParser.Parsed.Job(JobSpec good) -> good;
        };
    if (cadence == null) {
      throw fields.refusal();
    }
    return of(cadence, spec);
  }

  private Parsed of(Cadence cadence, JobSpec spec) throws RefusedException {
    try {
      return new Parsed(
          new ScheduleSpec(
              cadence,
              spec,
              new Misfire(policy, limit),
              startingDeadline,
              concurrency,
              paused != null && paused),
          paused);
    } catch (IllegalArgumentException e) {
      fields.refuse("/job", String.valueOf(e.getMessage()));
      throw fields.refusal();
    }
  }

  private @Nullable Cadence cadence() {
    if (cronSeen == everySeen) {
      fields.refuse(
          cronSeen ? "/every" : "/cron",
          "Expected either cron or every, but got " + (cronSeen ? "both" : "none"));
    }
    if (zoneSeen && everySeen && !cronSeen) {
      fields.refuse("/zone", "Expected zone together with cron, but got it with every");
    }
    try {
      if (cron != null) {
        return new Cadence.ByCron(cron, zone);
      }
      return every == null ? null : new Cadence.Every(every);
    } catch (IllegalArgumentException e) {
      fields.refuse(cron == null ? "/every" : "/cron", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
