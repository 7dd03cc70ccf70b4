package dev.kanal.common.error;

import java.util.Locale;

/**
 * What can go wrong, as a closed list: the problem types of the API, part of the contract, and the
 * codes of {@link KanalException}.
 */
public enum ErrorCode {
  BAD_REQUEST(
      400,
      Category.CALLER,
      false,
      "The request is not well-formed HTTP",
      "mend the request line or the headers"),
  MALFORMED_JSON(
      400,
      Category.CALLER,
      false,
      "The body is not well-formed JSON in UTF-8",
      "mend the body; the detail says where reading stopped"),
  MALFORMED_QUERY(
      400,
      Category.CALLER,
      false,
      "A query parameter is unknown or cannot be read",
      "mend the query; the detail names the parameter and what it takes"),
  FOREIGN_ORIGIN(
      403,
      Category.CALLER,
      false,
      "The request comes from another site",
      "a web page of another site must not write; call from the server's own pages, or without"
          + " a browser"),
  WRONG_TOKEN(
      403,
      Category.CALLER,
      false,
      "The token is not that of the attempt",
      "use the token that came with the newest call for this job; an older one is void"),
  READ_ONLY(
      403,
      Category.CALLER,
      false,
      "The dashboard may not change anything here",
      "use the API without a browser, or set `ui` to `on`"),
  NOT_FOUND(
      404,
      Category.CALLER,
      false,
      "There is no such thing",
      "check the id or the path; a job is gone once its retention has ended"),
  METHOD_NOT_ALLOWED(
      405,
      Category.CALLER,
      false,
      "The path does not take this method",
      "use one of the methods in the Allow header"),
  NOT_ACCEPTABLE(
      406,
      Category.CALLER,
      false,
      "The answer has no media type that is accepted",
      "accept the media type that the contract names for this path"),
  CONFLICT(
      409,
      Category.CONFLICT,
      false,
      "Its state does not allow this",
      "look at its state again; the detail names the one it is in"),
  MEMBER_OF_FLOW(
      409,
      Category.CONFLICT,
      false,
      "The job belongs to a flow",
      "cancel or delete the flow, which takes all its jobs; they are not run again one by one"),
  FLOW_FINAL(
      409,
      Category.CONFLICT,
      false,
      "The flow has ended",
      "look at its state; a new flow can be submitted"),
  EVENT_TAKEN(
      409,
      Category.CONFLICT,
      false,
      "The event has come already, with another payload",
      "the first event of a name counts: give another one another name"),
  SEQ_EXPECTED(
      409,
      Category.CONFLICT,
      false,
      "The items are not the next ones",
      "go on with the number in the detail: all before it were taken"),
  STEP_CLOSED(
      409,
      Category.CONFLICT,
      false,
      "The step takes no more items",
      "it was closed, or has ended: look at the flow"),
  PRECONDITION_FAILED(
      412,
      Category.CONFLICT,
      false,
      "It is not as If-Match or If-None-Match asks",
      "read it again, and decide anew"),
  PAYLOAD_TOO_LARGE(
      413,
      Category.CALLER,
      false,
      "The body, the line or the payload is too large",
      "send less; the detail names the limit, and `limits.*` raise it"),
  URI_TOO_LONG(
      414, Category.CALLER, false, "The request line is too long", "send a shorter path or query"),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      Category.CALLER,
      false,
      "The body has a media type that is not taken here",
      "set the Content-Type that the contract names for this path, and no Content-Encoding"),
  INVALID_REQUEST(
      422,
      Category.CALLER,
      false,
      "The content breaks a rule",
      "mend the fields that `errors` points at"),
  IDEMPOTENCY_MISMATCH(
      422,
      Category.CALLER,
      false,
      "The idempotency key belongs to another body",
      "use a new key for a new job, or send the body that came with the key first"),
  UNKNOWN_QUEUE(
      422,
      Category.CALLER,
      false,
      "There is no such queue",
      "make the queue first, or set `queues.auto-create`"),
  TOO_MANY_QUEUES(
      422,
      Category.CALLER,
      false,
      "There are as many queues as there may be",
      "use one of those that there are, delete those that nobody uses, or raise `queues.max`"),
  RATE_LIMITED(
      429,
      Category.OVERLOADED,
      true,
      "Too many requests at once",
      "wait for as long as Retry-After says; `http.rate-limit.*`, or for new queues"
          + " `queues.new-per-minute`, set the limit"),
  QUEUE_FULL(
      429,
      Category.OVERLOADED,
      true,
      "The queue is full",
      "wait for as long as Retry-After says, add workers, or raise the queue's capacity"),
  STEP_FULL(
      429,
      Category.OVERLOADED,
      true,
      "Too many items of the step wait",
      "wait for as long as Retry-After says, and send the same items again"),
  HEADERS_TOO_LARGE(
      431, Category.CALLER, false, "The headers are too large", "send fewer or shorter headers"),
  INTERNAL(
      500,
      Category.INTERNAL,
      false,
      "Something went wrong here",
      "look up the traceId in the server's log"),
  KAFKA_UNAVAILABLE(
      503,
      Category.DEPENDENCY,
      true,
      "Kafka did not take it",
      "nothing was taken; send it again after Retry-After"),
  KAFKA_AMBIGUOUS(
      503,
      Category.DEPENDENCY,
      false,
      "Kafka did not say whether it took it",
      "the job may exist: ask for the id in the detail before sending it again"),
  SHARD_UNAVAILABLE(
      503,
      Category.DEPENDENCY,
      true,
      "The job's shard cannot be asked now",
      "its owner is starting, changing or away; ask again after Retry-After"),
  SHARD_AMBIGUOUS(
      503,
      Category.DEPENDENCY,
      false,
      "The shard did not say whether it did it",
      "it may have been done, or be done soon: look before asking for it again"),
  UPGRADING(
      503,
      Category.DEPENDENCY,
      true,
      "Not all schedulers can read this yet",
      "nothing was taken; it is once the last scheduler of the release before has been replaced"
          + " for a minute: send it again after Retry-After"),
  OVERLOADED(
      503,
      Category.OVERLOADED,
      true,
      "Too much is going on",
      "a bound of this node is reached; come again after Retry-After");

  private final int status;
  private final Category category;
  private final boolean retryable;
  private final String title;
  private final String remedy;

  ErrorCode(int status, Category category, boolean retryable, String title, String remedy) {
    this.status = status;
    this.category = category;
    this.retryable = retryable;
    this.title = title;
    this.remedy = remedy;
  }

  /** The code as it is written outside: lower-case, with dashes. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The HTTP status of answers with this problem. */
  public int status() {
    return status;
  }

  /** The party that has to act. */
  public Category category() {
    return category;
  }

  /** Whether the same request, sent again later, may succeed and cannot be done twice by that. */
  public boolean retryable() {
    return retryable;
  }

  /** The problem's type, a URN. */
  public String type() {
    return "urn:kanal:problem:" + code();
  }

  /** One line for people, the same for each occurrence. */
  public String title() {
    return title;
  }

  /** What to do about it, for the documentation. */
  String remedy() {
    return remedy;
  }

  /** The party that has to act on an error. */
  public enum Category {
    /** The caller: the request cannot be carried out. */
    CALLER,
    /** The caller: the present state rules the request out. */
    CONFLICT,
    /** Nobody: it passes when the load falls. */
    OVERLOADED,
    /** The operator of Kafka and of what else Kanal runs on. */
    DEPENDENCY,
    /** The developers of Kanal. */
    INTERNAL
  }
}
