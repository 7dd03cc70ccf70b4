package dev.kanal.scheduler.api.batch;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.door.ClientPlaces;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.json.LineReader;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.spec.JobParser;
import dev.kanal.scheduler.queues.QueueDirectory.Readiness;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One batch upload under way. Reads a chunk only when the one before is used up, and uses it up
 * only while little enough is on its way to Kafka; answers in the order of the lines. Belongs to
 * the event loop of its request; Kafka's threads only mark lines as done and wake it up.
 */
final class BatchUpload {
  private static final Set<ErrorCode> KAFKA_FAILED =
      EnumSet.of(ErrorCode.KAFKA_UNAVAILABLE, ErrorCode.KAFKA_AMBIGUOUS);

  private final Context loop;
  private final HttpServerRequest request;
  private final BatchContext with;
  private final LineReader lines;
  private final BatchAnswers answers;
  private final AnswerSpool spool;
  private final BatchSends sends;
  private final ArrayDeque<BatchLine> pending = new ArrayDeque<>();
  private final AtomicBoolean woken = new AtomicBoolean();

  private long bytesUnderWay;
  private boolean inputEnded;
  private boolean reading;
  private boolean queueAsked;
  private boolean over;
  private @Nullable Problem away;
  private @Nullable String knownQueue;
  private @Nullable Priority knownPriority;

  BatchUpload(HttpServerRequest request, BatchContext with) {
    this.loop = with.vertx().getOrCreateContext();
    this.request = request;
    this.with = with;
    this.lines = new LineReader(with.lineMax());
    this.answers = new BatchAnswers(TraceHeaders.of(request.headers()).traceId());
    this.spool = new AnswerSpool(with.vertx(), request.response(), with.budget(), this::advance);
    this.sends = new BatchSends(request, with, this::wake);
  }

  void start() {
    request.pause();
    request.response().setChunked(true).putHeader("Content-Type", BatchUploadHandler.MEDIA_TYPE);
    request.handler(this::take);
    request.endHandler(
        _ -> {
          inputEnded = true;
          reading = false;
          advance();
        });
    request.exceptionHandler(_ -> stop());
    request.response().exceptionHandler(_ -> stop()).closeHandler(_ -> stop());
    advance();
  }

  private void take(Buffer chunk) {
    reading = false;
    lines.feed(chunk.getBytes());
    advance();
  }

  /** Goes on for as long as there is something to do and room to do it. */
  private void advance() {
    if (!over && !queueAsked && !reading) {
      goOn();
      sends.flush();
    }
  }

  private void goOn() {
    while (hasRoom()) {
      if (lines.next()) {
        readLine();
        if (queueAsked) {
          return;
        }
      } else if (!inputEnded) {
        reading = true;
        request.fetch(1);
        break;
      } else if (lines.last()) {
        readLine();
      } else {
        endIfDone();
        break;
      }
    }
    wake();
  }

  private boolean hasRoom() {
    return pending.size() < with.budget().lines()
        && bytesUnderWay < with.budget().bytes()
        && !spool.isFull();
  }

  private void readLine() {
    long number = lines.number();
    if (lines.tooLong()) {
      pending.add(BatchLine.refused(number, tooLong()));
      return;
    }
    if (lines.isBlank()) {
      return;
    }
    try {
      switch (with.parser().parse(lines.bytes(), lines.from(), lines.length())) {
        case JobParser.Parsed.Refused(Problem problem) ->
            pending.add(BatchLine.refused(number, problem));
        case JobParser.Parsed.Job(JobSpec spec) -> ensure(number, lines.length(), spec);
      }
    } catch (RuntimeException e) {
      pending.add(BatchLine.refused(number, Failures.internal(e)));
    }
  }

  /** Lines wait for a queue that is not known yet, so that they are sent in their order. */
  private void ensure(long number, int bytes, JobSpec spec) {
    if (away != null) {
      pending.add(BatchLine.refused(number, away));
      return;
    }
    if (spec.queue().equals(knownQueue) && spec.priority() == knownPriority) {
      send(number, bytes, spec);
      return;
    }
    Future<Readiness> readiness =
        Later.of(with.intake().queues().ensure(spec.queue(), spec.priority()));
    if (readiness.isComplete()) {
      asked(number, bytes, spec, readiness);
      return;
    }
    queueAsked = true;
    readiness.onComplete(
        _ -> {
          queueAsked = false;
          if (!over) {
            asked(number, bytes, spec, readiness);
            advance();
          }
        });
  }

  private void asked(long number, int bytes, JobSpec spec, Future<Readiness> readiness) {
    if (readiness.succeeded()) {
      ensured(number, bytes, spec, readiness.result());
    } else {
      noQueue(number, readiness.cause());
    }
  }

  private void ensured(long number, int bytes, JobSpec spec, Readiness readiness) {
    switch (readiness) {
      case UNKNOWN -> pending.add(BatchLine.refused(number, Problem.unknownQueue(spec.queue())));
      case READY -> {
        knownQueue = spec.queue();
        knownPriority = spec.priority();
        send(number, bytes, spec);
      }
    }
  }

  private void noQueue(long number, Throwable failure) {
    if (failure instanceof SendFailedException) {
      away = Problem.kafkaUnavailable(failure);
      pending.add(BatchLine.refused(number, away));
    } else {
      pending.add(BatchLine.refused(number, Failures.noQueue(failure)));
    }
  }

  private void send(long number, int bytes, JobSpec spec) {
    BatchLine line = BatchLine.sent(number, bytes);
    pending.add(line);
    bytesUnderWay += bytes;
    Future<?> sent = sends.send(line, spec, lines.bytes(), lines.from());
    if (!sent.isComplete()) {
      queueAsked = true;
      sent.onComplete(
          _ -> {
            queueAsked = false;
            advance();
          });
    }
  }

  /** Has the loop look at what is done, once for all that is done by then. From any thread. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      loop.runOnContext(_ -> settle());
    }
  }

  private void settle() {
    woken.set(false);
    boolean some = false;
    for (BatchLine line; (line = pending.peek()) != null && line.isDone(); some = true) {
      pending.poll();
      bytesUnderWay -= line.bytes;
      noteFailure(line);
      answers.add(line, pending.size());
    }
    Buffer batch = answers.take();
    if (batch != null) {
      spool.add(batch);
    }
    if (some) {
      advance();
    }
  }

  /** Once Kafka has failed one line, those not sent yet are refused without waiting for it. */
  private void noteFailure(BatchLine line) {
    if (away == null
        && line.bytes > 0
        && line.answer() instanceof BatchLine.Refused(Problem problem)
        && KAFKA_FAILED.contains(problem.code())) {
      away =
          Problem.kafkaUnavailable(
              "Kafka failed line " + line.number + "; this one was not sent any more");
    }
  }

  private void endIfDone() {
    if (pending.isEmpty()) {
      over = true;
      sends.over(lines.number());
      with.budget().leave(ClientPlaces.client(request));
      spool.end();
    }
  }

  /** The client has gone; what is on its way to Kafka stays so. */
  private void stop() {
    if (!over) {
      over = true;
      sends.over(lines.number());
      with.budget().leave(ClientPlaces.client(request));
    }
    spool.abandon();
  }

  private Problem tooLong() {
    return Problem.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "Expected a line of at most " + with.lineMax() + " bytes, but got more");
  }
}
