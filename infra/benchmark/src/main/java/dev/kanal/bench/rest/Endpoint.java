package dev.kanal.bench.rest;

import dev.kanal.bench.run.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * HTTP in front of a contender that has none, with as many event loops as {@code ./kanal up} has:
 * what is posted is taken, what is asked for is the report.
 */
public final class Endpoint extends VerticleBase {
  /** The report, after which it begins from nothing. */
  public static final String RESET = "/reset";

  private static final int EVENT_LOOPS = 2;
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

  private final int port;
  private final Function<byte[], CompletionStage<?>> take;
  private final Report report;

  /** What was taken so far, as JSON. */
  @FunctionalInterface
  public interface Report {
    /**
     * @param reset whether it begins from nothing after that
     */
    String of(boolean reset);
  }

  private Endpoint(int port, Function<byte[], CompletionStage<?>> take, Report report) {
    this.port = port;
    this.take = take;
    this.report = report;
  }

  /**
   * Serves until the process ends.
   *
   * @param take done when what was posted cannot be lost any more; must not block
   * @param report answered to GET
   * @return the port
   */
  public static int start(Function<byte[], CompletionStage<?>> take, Report report)
      throws IOException {
    int port = Ports.free();
    Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS))
        .deployVerticle(
            () -> new Endpoint(port, take, report),
            new DeploymentOptions().setInstances(EVENT_LOOPS))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return port;
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1");
  }

  private void answer(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      answer(request, OK, report.of(RESET.equals(request.path())));
    } else {
      var _ = request.bodyHandler(body -> take(request, body));
    }
  }

  private void take(HttpServerRequest request, Buffer body) {
    var _ =
        take.apply(body.getBytes())
            .whenComplete(
                (_, failure) ->
                    context.runOnContext(
                        _ -> answer(request, failure == null ? ACCEPTED : UNAVAILABLE, "{}")));
  }

  private static void answer(HttpServerRequest request, int status, String body) {
    var _ =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end(body);
  }
}
