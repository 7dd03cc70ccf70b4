package dev.kanal.common.error;

import java.util.Locale;

/** The problem types of the API: a closed list, part of the contract. */
public enum ErrorCode {
  BAD_REQUEST(400, "The request is not well-formed HTTP"),
  MALFORMED_JSON(400, "The body is not well-formed JSON in UTF-8"),
  MALFORMED_QUERY(400, "A query parameter is unknown or cannot be read"),
  FOREIGN_ORIGIN(403, "The request comes from another site"),
  NOT_FOUND(404, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, "The path does not take this method"),
  NOT_ACCEPTABLE(406, "The answer has no media type that is accepted"),
  PAYLOAD_TOO_LARGE(413, "The body, the line or the payload is too large"),
  URI_TOO_LONG(414, "The request line is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body has a media type that is not taken here"),
  INVALID_REQUEST(422, "The content breaks a rule"),
  UNKNOWN_QUEUE(422, "There is no such queue"),
  RATE_LIMITED(429, "Too many requests of this client"),
  HEADERS_TOO_LARGE(431, "The headers are too large"),
  INTERNAL(500, "Something went wrong here"),
  KAFKA_UNAVAILABLE(503, "Kafka did not take it"),
  KAFKA_AMBIGUOUS(503, "Kafka did not say whether it took it"),
  SHARD_UNAVAILABLE(503, "The job's shard cannot be asked now"),
  OVERLOADED(503, "Too much is going on");

  private final int status;
  private final String title;

  ErrorCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The HTTP status of answers with this problem. */
  public int status() {
    return status;
  }

  /** The problem's type, a URN. */
  public String type() {
    return "urn:kanal:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One line for people, the same for each occurrence. */
  public String title() {
    return title;
  }
}
