package dev.kanal.scheduler.api.http;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the W3C trace headers of a request as they are, and drops those that are malformed. */
public final class TraceHeaders {
  /** Longest baggage that is carried, in bytes. */
  public static final int BAGGAGE_MAX = 8 * 1024;

  /** Longest tracestate that is carried: what the recommendation asks for. */
  static final int TRACESTATE_MAX = 512;

  private static final Pattern VERSION_0 =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern LATER_VERSION =
      Pattern.compile(
          "(?!00|ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "(-[\\x21-\\x7e]{0,200})?");

  private TraceHeaders() {}

  /** Most members of the baggage that is carried. */
  public static final int MEMBERS_MAX = 64;

  /** Baggage that cannot be carried whole is refused: nothing of it is dropped silently. */
  public static @Nullable Problem baggageRefusal(MultiMap headers) {
    if (!headers.contains("baggage")) {
      return null;
    }
    String baggage = String.join(",", headers.getAll("baggage"));
    long members = baggage.chars().filter(each -> each == ',').count() + 1;
    return baggage.length() <= BAGGAGE_MAX && members <= MEMBERS_MAX
        ? null
        : Problem.of(
            ErrorCode.HEADERS_TOO_LARGE,
            "Expected baggage of at most %d bytes and %d members, but got %d bytes and %d members"
                .formatted(BAGGAGE_MAX, MEMBERS_MAX, baggage.length(), members));
  }

  public static TraceContext of(MultiMap headers) {
    String parent = headers.get("traceparent");
    String baggage = joined(headers, "baggage", BAGGAGE_MAX);
    if (parent == null || !isTraceparent(parent)) {
      return baggage == null ? TraceContext.NONE : new TraceContext(null, null, baggage);
    }
    return new TraceContext(parent, joined(headers, "tracestate", TRACESTATE_MAX), baggage);
  }

  private static boolean isTraceparent(String text) {
    return VERSION_0.matcher(text).matches() || LATER_VERSION.matcher(text).matches();
  }

  private static @Nullable String joined(MultiMap headers, String name, int max) {
    List<String> values = headers.getAll(name);
    if (values.isEmpty()) {
      return null;
    }
    String value = String.join(",", values);
    return value.length() <= max && isPrintable(value) && !value.isBlank() ? value : null;
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\t');
  }
}
