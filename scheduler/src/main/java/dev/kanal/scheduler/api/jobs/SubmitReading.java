package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.KeyHeader;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.spec.JobParser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads a job from its request, unless it refuses that. */
final class SubmitReading {
  private final BodyReader bodies;
  private final JobParser parser;
  private final Ticker ticker;

  SubmitReading(BodyReader bodies, JobParser parser, Ticker ticker) {
    this.bodies = bodies;
    this.parser = parser;
    this.ticker = ticker;
  }

  void read(HttpServerRequest request, Consumer<SubmitCall> then) {
    long received = ticker.nanos();
    bodies.read(
        request,
        body -> {
          switch (KeyHeader.of(request.headers())) {
            case KeyHeader.Refused(Problem problem) -> Answers.problem(request, problem);
            case KeyHeader.Key(String key) -> {
              switch (parser.parse(body, 0, body.length, key)) {
                case JobParser.Parsed.Refused(Problem problem) -> Answers.problem(request, problem);
                case JobParser.Parsed.Job(JobSpec spec) ->
                    then.accept(
                        new SubmitCall(request, Buffer.buffer(body), spec, ticker, received));
              }
            }
          }
        });
  }
}
