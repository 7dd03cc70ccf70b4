package dev.kanal.scheduler.api.http;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What {@code If-Match} and {@code If-None-Match} ask of the thing that a request is about, in the
 * order of RFC 9110, 13.2.2. They come after everything that would refuse the request without them.
 */
public record Conditions(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {
  public static final Conditions NONE = new Conditions(null, null);

  public static Conditions of(HttpServerRequest request) {
    MultiMap headers = request.headers();
    return new Conditions(
        EntityTags.of(headers.getAll("If-Match")), EntityTags.of(headers.getAll("If-None-Match")));
  }

  public static String etag(long revision) {
    return "\"" + revision + "\"";
  }

  /**
   * Whether a change may be made.
   *
   * @param etag of the thing as it is; null if there is none
   */
  public boolean allow(@Nullable String etag) {
    return matches(etag) && (noneMatch == null || etag == null || !noneMatch.name(etag));
  }

  /** Whether {@code If-Match} asks for nothing else. */
  boolean matches(@Nullable String etag) {
    return match == null || (etag != null && match.nameStrongly(etag));
  }

  /** Whether {@code If-None-Match} names what would be sent. */
  public boolean know(String etag) {
    return noneMatch != null && noneMatch.name(etag);
  }

  /** What is wrong with the headers themselves; null if nothing is. */
  public @Nullable Problem refusal() {
    if (match != null && !match.wellFormed()) {
      return malformed("If-Match");
    }
    return noneMatch != null && !noneMatch.wellFormed() ? malformed("If-None-Match") : null;
  }

  /**
   * The answer to a change that is not allowed.
   *
   * @param what it is about, such as {@code schedule}
   */
  public static Problem unmet(String what, @Nullable String etag) {
    return Problem.of(
        ErrorCode.PRECONDITION_FAILED,
        "Expected the "
            + what
            + " to be as If-Match or If-None-Match asks, but "
            + (etag == null ? "there is none" : "its ETag is " + etag));
  }

  private static Problem malformed(String header) {
    return Problem.of(
        ErrorCode.BAD_REQUEST,
        "Expected " + header + " to be * or ETags in their quotes, such as \"7\" or \"7\", \"8\"");
  }
}
