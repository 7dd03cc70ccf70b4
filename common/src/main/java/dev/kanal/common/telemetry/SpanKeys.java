package dev.kanal.common.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/**
 * The names of spans and of their attributes. Those of OpenTelemetry's conventions (1.44) where
 * there are any, {@code kanal.*} for the rest.
 */
public final class SpanKeys {
  /** Kafka's, on {@code send}, {@code process} and {@code settle}. */
  public static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");

  public static final AttributeKey<String> OPERATION =
      AttributeKey.stringKey("messaging.operation.name");
  public static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  public static final AttributeKey<String> DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  public static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  public static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  public static final AttributeKey<String> MESSAGE_ID =
      AttributeKey.stringKey("messaging.message.id");
  public static final AttributeKey<Long> BATCH =
      AttributeKey.longKey("messaging.batch.message_count");

  /** A class of errors: an exception's type, or one of Kanal's own words. */
  public static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  public static final AttributeKey<String> EXCEPTION_TYPE =
      AttributeKey.stringKey("exception.type");
  public static final AttributeKey<String> EXCEPTION_MESSAGE =
      AttributeKey.stringKey("exception.message");
  public static final AttributeKey<String> EXCEPTION_STACK =
      AttributeKey.stringKey("exception.stacktrace");

  public static final AttributeKey<String> HTTP_METHOD =
      AttributeKey.stringKey("http.request.method");
  public static final AttributeKey<String> HTTP_ROUTE = AttributeKey.stringKey("http.route");
  public static final AttributeKey<Long> HTTP_STATUS =
      AttributeKey.longKey("http.response.status_code");
  public static final AttributeKey<String> URL_PATH = AttributeKey.stringKey("url.path");
  public static final AttributeKey<String> URL_SCHEME = AttributeKey.stringKey("url.scheme");
  public static final AttributeKey<String> URL_FULL = AttributeKey.stringKey("url.full");
  public static final AttributeKey<String> SERVER_ADDRESS =
      AttributeKey.stringKey("server.address");
  public static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");

  public static final AttributeKey<String> JOB = AttributeKey.stringKey("kanal.job.id");
  public static final AttributeKey<String> TYPE = AttributeKey.stringKey("kanal.job.type");
  public static final AttributeKey<String> QUEUE = AttributeKey.stringKey("kanal.queue");
  public static final AttributeKey<String> STATE = AttributeKey.stringKey("kanal.job.state");
  public static final AttributeKey<String> REASON = AttributeKey.stringKey("kanal.job.reason");
  public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("kanal.attempt");
  public static final AttributeKey<Long> DISPATCH = AttributeKey.longKey("kanal.dispatch");
  public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("kanal.outcome");
  public static final AttributeKey<Boolean> STILL_RUNNING =
      AttributeKey.booleanKey("kanal.still_running");

  /** How long a job had waited that begins a new trace, in milliseconds. */
  public static final AttributeKey<Long> WAITED = AttributeKey.longKey("kanal.waited_ms");

  /** On links: why the other span is linked. */
  public static final AttributeKey<String> LINK = AttributeKey.stringKey("kanal.link");

  /** The value of {@link #LINK}: where the job came from. */
  public static final String LINK_ORIGIN = "origin";

  /** The value of {@link #LINK}: the attempt before. */
  public static final String LINK_PREVIOUS = "previous_attempt";

  /** The value of {@link #SYSTEM}. */
  public static final String KAFKA = "kafka";

  private SpanKeys() {}
}
