package dev.kanal.scheduler.api.problem;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A refusal, in the form of RFC 9457.
 *
 * @param retryAfterSeconds when to try again; 0 if it is of no use
 */
public record Problem(
    ErrorCode code, String detail, List<FieldError> errors, int retryAfterSeconds) {
  private static final int SOON = 1;

  public Problem {
    errors = List.copyOf(errors);
  }

  public static Problem of(ErrorCode code, String detail) {
    return new Problem(code, detail, List.of(), 0);
  }

  public static Problem later(ErrorCode code, String detail, int seconds) {
    return new Problem(code, detail, List.of(), Math.max(1, seconds));
  }

  public static Problem malformedJson(String detail) {
    return of(ErrorCode.MALFORMED_JSON, detail);
  }

  public static Problem malformedQuery(String detail) {
    return of(ErrorCode.MALFORMED_QUERY, detail);
  }

  public static Problem payloadTooLarge(long max) {
    return of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "Expected a payload of at most " + max + " bytes, but got more");
  }

  public static Problem resultTooLarge(long max) {
    return of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "Expected a result of at most " + max + " bytes, but got more");
  }

  /** The errors are at least one. */
  public static Problem invalid(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().detail()
            : "Expected a valid request, but " + errors.size() + " things are wrong with it";
    return new Problem(ErrorCode.INVALID_REQUEST, detail, errors, 0);
  }

  public static Problem unknownQueue(String queue) {
    String detail = "Expected a queue that exists, but there is none named " + queue;
    return new Problem(
        ErrorCode.UNKNOWN_QUEUE, detail, List.of(new FieldError("/queue", detail)), 0);
  }

  /** Another queue's jobs cannot come to it. */
  public static Problem limitedQueue(String queue) {
    return of(
        ErrorCode.CONFLICT,
        "Expected a queue without concurrency and rate, but "
            + queue
            + " has them: the jobs of a limited queue live together, and others cannot come to it");
  }

  public static Problem kafkaUnavailable(String why) {
    return later(ErrorCode.KAFKA_UNAVAILABLE, "The job was not taken. " + why, SOON);
  }

  public static Problem kafkaUnavailable(Throwable failure) {
    return kafkaUnavailable(why(failure));
  }

  /** Why Kafka has not taken something, in words that need no knowledge of its clients. */
  public static String why(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean ours =
        failure instanceof SendFailedException
            && (cause == null || !Objects.equals(cause.getMessage(), failure.getMessage()));
    return ours
        ? String.valueOf(failure.getMessage())
        : switch (cause == null ? failure : cause) {
          case RecordTooLargeException _ -> "It is larger than the topic's max.message.bytes";
          case AuthorizationException _ -> "The scheduler is not allowed to write to its topic";
          case TimeoutException _ -> "Kafka does not answer in time";
          default -> "Kafka refuses it";
        };
  }

  public static Problem kafkaAmbiguous(JobId job) {
    return later(
        ErrorCode.KAFKA_AMBIGUOUS,
        "Kafka has not acknowledged the job in time: it may exist, with the id " + job,
        SOON);
  }

  public static Problem shardUnavailable(String why) {
    return later(ErrorCode.SHARD_UNAVAILABLE, why, SOON);
  }

  public static Problem shardAmbiguous(String why) {
    return later(ErrorCode.SHARD_AMBIGUOUS, why, SOON);
  }

  public static Problem noSuchQueue(String name) {
    return of(ErrorCode.NOT_FOUND, "Expected the name of a queue, but there is no queue " + name);
  }

  /** A queue that takes no more jobs for now. */
  public static Problem queueFull(String queue, long capacity) {
    return later(
        ErrorCode.QUEUE_FULL,
        "Expected room in queue " + queue + ", but it has " + capacity + " unfinished jobs",
        SOON);
  }

  public static Problem noSuchJob(String id) {
    return of(ErrorCode.NOT_FOUND, "Expected the id of a job, but there is no job " + id);
  }
}
