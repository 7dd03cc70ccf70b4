package dev.kanal.scheduler.api.http;

import dev.kanal.common.job.Idempotency;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Idempotency-Key}. In double quotes, as the draft of its standard has it, or as
 * it stands.
 */
public sealed interface KeyHeader {
  String NAME = "Idempotency-Key";

  /** Null without the header. */
  record Key(@Nullable String value) implements KeyHeader {}

  record Refused(Problem problem) implements KeyHeader {}

  static KeyHeader of(MultiMap headers) {
    List<String> values = headers.getAll(NAME);
    if (values.isEmpty()) {
      return new Key(null);
    }
    String text = values.getFirst().strip();
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    String key =
        quoted ? text.substring(1, text.length() - 1).replaceAll("\\\\([\"\\\\])", "$1") : text;
    boolean good =
        values.size() == 1
            && !key.isEmpty()
            && key.length() <= Idempotency.MAX
            && key.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    return good ? new Key(key) : refused();
  }

  /** Of a call whose jobs have their keys in the body. */
  static @Nullable Problem refusal(MultiMap headers) {
    return headers.contains(NAME)
        ? invalid(
            "Expected a request without the header Idempotency-Key, as each line has its own"
                + " idempotencyKey, but got one")
        : null;
  }

  private static KeyHeader refused() {
    return new Refused(
        invalid(
            "Expected one header Idempotency-Key with 1 to "
                + Idempotency.MAX
                + " characters of ASCII, but got something else"));
  }

  private static Problem invalid(String detail) {
    return Problem.invalid(List.of(new FieldError("", detail)));
  }
}
