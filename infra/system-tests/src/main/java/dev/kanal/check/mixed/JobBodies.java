package dev.kanal.check.mixed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.history.Run;
import dev.kanal.check.history.Spec;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.probe.Probe;
import java.time.Duration;
import java.time.Instant;

/** Jobs of the mix as JSON; each calls the probe. */
final class JobBodies {
  private static final String CALL = "/run/";
  private static final String TICK = "/tick";

  private final ObjectMapper json = new ObjectMapper();
  private final Probe probe;
  private final String run;

  JobBodies(Probe probe, String run) {
    this.probe = probe;
    this.run = run;
  }

  /** The number of the job that calls a path. */
  static int index(String path) {
    return path.startsWith(CALL) ? Integer.parseInt(path.substring(CALL.length())) : Run.TICK;
  }

  /**
   * @param now in milliseconds since 1970; times count from here
   */
  String body(MixedJob job, long now) {
    Spec spec = job.spec();
    ObjectNode body = call(CALL + spec.index());
    body.put("queue", spec.queue()).put("priority", job.request().priority());
    if (spec.key() != null) {
      body.put("key", spec.key().name()).put("keyLimit", spec.key().limit());
    }
    putTimes(body, job, now);
    body.putObject("retry")
        .put("maxAttempts", spec.maxAttempts())
        .putObject("backoff")
        .put("initial", job.request().backoff().toString())
        .put("multiplier", 2)
        .put("jitter", 0.2);
    body.putObject("tags").put("run", run).put("kind", spec.kind());
    return body.toString();
  }

  /** What a schedule is to submit. */
  ObjectNode ofATick(String queue) {
    ObjectNode body = call(TICK);
    body.put("queue", queue);
    body.putObject("tags").put("run", run).put("kind", "tick");
    return body;
  }

  private ObjectNode call(String path) {
    ObjectNode body = json.createObjectNode().put("type", "http");
    body.putObject("payload").put("url", probe.url(path));
    return body;
  }

  private static void putTimes(ObjectNode body, MixedJob job, long now) {
    Spec.Timing timing = job.spec().timing();
    if (timing.delay() > 0 && job.request().absolute()) {
      body.put("runAt", Instant.ofEpochMilli(now + timing.delay() / 1_000).toString());
    } else if (timing.delay() > 0) {
      body.put("delay", text(timing.delay()));
    }
    if (timing.deadline() > 0) {
      body.put("deadline", Instant.ofEpochMilli(now + timing.deadline() / 1_000).toString());
    }
    if (timing.timeout() > 0) {
      body.put("timeout", text(timing.timeout()));
    }
  }

  private static String text(long micros) {
    return Duration.ofNanos(micros * 1_000).toString();
  }
}
