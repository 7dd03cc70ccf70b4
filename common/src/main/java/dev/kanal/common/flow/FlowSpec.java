package dev.kanal.common.flow;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A flow as a user submits it. The bounds of single values always hold; how its parts fit together
 * is checked by {@link FlowCheck}.
 *
 * @param name for finding it; matches {@link #NAME}
 * @param input what {@code $input} in templates stands for
 * @param steps 1 to {@link #STEPS_MAX}, in the order of the user
 * @param onFailure what a step that fails does to the others
 * @param deadline of the steps that run only on success; the others have {@link #GRACE} more
 * @param tags in the order of their names
 * @param retention how long the flow and its members are kept after it ended
 * @param output a template for the result of the flow; null if it has none
 * @param idempotency makes its submit repeatable
 */
public record FlowSpec(
    String name,
    JsonBytes input,
    List<StepSpec> steps,
    OnFailure onFailure,
    @Nullable Instant deadline,
    Map<String, String> tags,
    Retention retention,
    @Nullable JsonBytes output,
    @Nullable Idempotency idempotency) {
  /** Names of flows, steps, branches and events. */
  public static final String NAME = "[a-z0-9-]{1,63}";

  public static final int STEPS_MAX = 200;

  /** Most bytes of a definition, as JSON and in memory. */
  public static final int BYTES_MAX = 256 << 10;

  /** How long after the deadline steps may run that are there for the flow's end. */
  public static final Duration GRACE = Duration.ofHours(1);

  /** What becomes of the other steps when one fails that is not optional. */
  public enum OnFailure {
    /** They are cancelled, but for those that are there for the flow's end. */
    CANCEL(0, "cancel"),
    /** Those that do not depend on it go on. */
    CONTINUE(1, "continue");

    private final int code;
    private final String text;

    OnFailure(int code, String text) {
      this.code = code;
      this.text = text;
    }

    /** The number in rows, which never changes; readers take it as the place in this list. */
    public int code() {
      return code;
    }

    /** As the API writes it. */
    public String text() {
      return text;
    }
  }

  public FlowSpec {
    Bounds.checkName("the name of a flow", name);
    Bounds.check("the number of steps", steps.size(), 1, STEPS_MAX);
    steps = List.copyOf(steps);
    tags = tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /** A flow with every default of the API. */
  public static FlowSpec of(String name, List<StepSpec> steps) {
    return new FlowSpec(
        name,
        JsonBytes.NULL,
        steps,
        OnFailure.CANCEL,
        null,
        Map.of(),
        Retention.DEFAULT,
        null,
        null);
  }

  public FlowSpec withInput(JsonBytes other) {
    return new FlowSpec(
        name, other, steps, onFailure, deadline, tags, retention, output, idempotency);
  }

  public FlowSpec withOnFailure(OnFailure other) {
    return new FlowSpec(name, input, steps, other, deadline, tags, retention, output, idempotency);
  }

  public FlowSpec withDeadline(@Nullable Instant other) {
    return new FlowSpec(name, input, steps, onFailure, other, tags, retention, output, idempotency);
  }

  public FlowSpec withOutput(@Nullable JsonBytes other) {
    return new FlowSpec(
        name, input, steps, onFailure, deadline, tags, retention, other, idempotency);
  }

  public FlowSpec withIdempotency(@Nullable Idempotency other) {
    return new FlowSpec(name, input, steps, onFailure, deadline, tags, retention, output, other);
  }
}
