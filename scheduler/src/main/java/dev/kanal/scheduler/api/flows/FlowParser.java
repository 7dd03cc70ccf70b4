package dev.kanal.scheduler.api.flows;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.flow.FlowCheck;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.JobParser;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a flow of the JSON that a client sent, or says everything that is wrong with it. */
public final class FlowParser {
  private final LimitsConfig limits;
  private final InstantSource clock;
  private final Function<String, QueueDefaults> queues;

  /**
   * @param queues what each queue gives its jobs that do not say; taken over into the flow
   */
  public FlowParser(
      LimitsConfig limits, InstantSource clock, Function<String, QueueDefaults> queues) {
    this.limits = limits;
    this.clock = clock;
    this.queues = queues;
  }

  /**
   * Reads one flow; the bytes are not kept.
   *
   * @param keyHeader the idempotency key of the request's header
   * @throws RefusedException with all that is wrong, each with its pointer
   */
  public FlowSpec parse(byte[] body, @Nullable String keyHeader) throws RefusedException {
    if (body.length > FlowSpec.BYTES_MAX) {
      throw new RefusedException(
          Problem.of(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "Expected a flow of at most "
                  + FlowSpec.BYTES_MAX
                  + " bytes, but got "
                  + body.length));
    }
    FlowFields given =
        JsonBody.read(
            body,
            0,
            body.length,
            json -> {
              FlowFields fields = new FlowFields(new FlowJson(json, body, limits));
              fields.read();
              return fields;
            });
    String key = given.idempotencyKey(keyHeader);
    FlowSpec spec = given.finish(new JobDefaults(clock.instant(), queues));
    List<FieldError> problems =
        FlowCheck.problems(spec).stream()
            .map(each -> new FieldError(each.pointer(), each.detail()))
            .toList();
    if (!problems.isEmpty()) {
      throw new RefusedException(Problem.invalid(problems));
    }
    return key == null
        ? spec
        : spec.withIdempotency(JobParser.idempotency(key, body, 0, body.length));
  }
}
