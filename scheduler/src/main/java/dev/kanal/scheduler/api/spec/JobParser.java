package dev.kanal.scheduler.api.spec;

import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.scheduler.api.json.BodyHash;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a job of the JSON that a client sent, or says everything that is wrong with it. */
public final class JobParser {
  /** How deep arrays and objects may be nested, the job's own object included. */
  static final int DEPTH_MAX = JsonBody.DEPTH_MAX;

  private final LimitsConfig limits;
  private final InstantSource clock;
  private final Function<String, QueueDefaults> queues;

  JobParser(LimitsConfig limits, InstantSource clock) {
    this(limits, clock, _ -> QueueDefaults.NONE);
  }

  /**
   * @param queues what each queue gives its jobs that do not say
   */
  public JobParser(
      LimitsConfig limits, InstantSource clock, Function<String, QueueDefaults> queues) {
    this.limits = limits;
    this.clock = clock;
    this.queues = queues;
  }

  /** What came of it. */
  public sealed interface Parsed {
    record Job(JobSpec spec) implements Parsed {}

    record Refused(Problem problem) implements Parsed {}
  }

  /** Reads one job; the bytes are not kept. */
  public Parsed parse(byte[] bytes, int from, int length) {
    return parse(bytes, from, length, null);
  }

  /**
   * The same.
   *
   * @param keyHeader the idempotency key of the request's header
   */
  public Parsed parse(byte[] bytes, int from, int length, @Nullable String keyHeader) {
    try {
      JobFields given = JsonBody.read(bytes, from, length, json -> read(json, bytes, from));
      String idempotencyKey = given.keys.idempotencyKey(keyHeader);
      Parsed parsed = given.finish(clock.instant(), queues);
      return parsed instanceof Parsed.Job(JobSpec spec) && idempotencyKey != null
          ? new Parsed.Job(spec.withIdempotency(idempotency(idempotencyKey, bytes, from, length)))
          : parsed;
    } catch (RefusedException e) {
      return new Parsed.Refused(e.problem());
    }
  }

  private JobFields read(JsonParser json, byte[] bytes, int from) throws IOException {
    JobFields given = new JobFields(json, limits);
    given.read(bytes, from);
    return given;
  }

  /** The key of a submit, with a hash of what was submitted. */
  public static Idempotency idempotency(String key, byte[] bytes, int from, int length)
      throws RefusedException {
    BodyHash hash = JsonBody.read(bytes, from, length, BodyHash::of);
    return new Idempotency(key, hash.hi(), hash.lo());
  }
}
