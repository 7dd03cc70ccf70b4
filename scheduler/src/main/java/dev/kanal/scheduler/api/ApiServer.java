package dev.kanal.scheduler.api;

import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.scheduler.api.batch.AnswerSpool;
import dev.kanal.scheduler.api.batch.BatchBudget;
import dev.kanal.scheduler.api.door.CallMeters;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.door.CallTracer;
import dev.kanal.scheduler.api.door.Connections;
import dev.kanal.scheduler.api.door.HostNames;
import dev.kanal.scheduler.api.door.OriginCheck;
import dev.kanal.scheduler.api.door.RateLimiter;
import dev.kanal.scheduler.api.door.ReadOnlyFilter;
import dev.kanal.scheduler.api.door.Routes;
import dev.kanal.scheduler.api.door.WaitFilter;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.operate.DashboardHandler;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.dashboard.Site;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST API of this node: listens once started, until closed. Its methods may be called from any
 * thread but its own event loops.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(6);
  private static final int REQUEST_LINE_MAX = 8 * 1024;
  private static final int HEADERS_MAX = 32 * 1024;
  private static final int CHUNK_MAX = 64 * 1024;

  /** A connection has one call at a time; the other one is for calls whose clients went away. */
  private static final int CALLS_PER_CONNECTION = 2;

  private final ApiParts parts;
  private final HttpConfig http;
  private final Clients clients;
  private final Vertx vertx;
  private final Connections connections;
  private final CallThreads threads;
  private final List<Handler<RoutingContext>> filters;
  private final List<Route> routes;
  private final Handler<RoutingContext> dashboard;

  public ApiServer(ApiParts parts, HttpConfig http, LimitsConfig limits) {
    this(parts, http, limits, Clients.withBatches(new BatchBudget(AnswerSpool.Bounds.DEFAULT)));
  }

  ApiServer(ApiParts parts, HttpConfig http, LimitsConfig limits, Clients clients) {
    this.clients = clients;
    this.parts = parts;
    this.http = http;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(http.eventLoops())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.connections = new Connections(vertx, new Places(http.connections()), clients.heads());
    this.filters = filters();
    this.threads = new CallThreads(CALLS_PER_CONNECTION * http.connections());
    this.routes = new ApiRoutes(vertx, parts, limits, clients, threads).all();
    this.dashboard =
        parts.ui().mode() == UiConfig.Mode.OFF
            ? RoutingContext::next
            : new DashboardHandler(Site.load());
  }

  /** Starts to listen; the future has the port, or why it cannot. */
  public CompletableFuture<Integer> start() {
    if (!http.authOff() && !HostNames.isLoopback(http.host())) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "Expected auth=off to listen at "
                  + http.host()
                  + ", which other hosts may reach, as there is no authentication yet"));
    }
    CompletableFuture<Integer> started = new CompletableFuture<>();
    List<HttpServer> servers = new ArrayList<>();
    DeploymentOptions each = new DeploymentOptions().setInstances(http.eventLoops());
    var _ =
        vertx
            .deployVerticle(() -> listener(servers), each)
            .onSuccess(
                _ -> {
                  announce(servers.getFirst().actualPort());
                  started.complete(servers.getFirst().actualPort());
                })
            .onFailure(started::completeExceptionally);
    return started;
  }

  /** Stops to listen, gives open calls a moment to end, and waits for that. */
  @Override
  public void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The API did not close in time", e);
    }
    threads.close();
  }

  /** The calls that clients have, for the check against the contract. */
  List<Route> routeTable() {
    return routes.stream().filter(route -> !route.isInternal()).toList();
  }

  private List<Handler<RoutingContext>> filters() {
    List<Handler<RoutingContext>> handlers = new ArrayList<>();
    handlers.add(connections);
    handlers.add(new CallTracer(parts.telemetry()));
    handlers.add(new CallMeters(new Meters(parts.telemetry()), parts.ticker()));
    handlers.add(new OriginCheck(HostNames.of(http)));
    if (parts.ui().mode() == UiConfig.Mode.READ_ONLY) {
      handlers.add(new ReadOnlyFilter());
    }
    if (http.rateLimitRequests() > 0) {
      handlers.add(
          new RateLimiter(http.rateLimitRequests(), http.rateLimitWindow(), parts.ticker()));
    }
    handlers.add(new WaitFilter(clients.waits()));
    return handlers;
  }

  private Deployable listener(List<HttpServer> servers) {
    HttpServer server =
        vertx
            .createHttpServer(options())
            .connectionHandler(connections::opened)
            .requestHandler(Routes.router(vertx, filters, routes, dashboard))
            .invalidRequestHandler(ApiServer::refuseInvalid);
    servers.add(server);
    SocketAddress address =
        http.port() == 0
            ? SocketAddress.sharedRandomPort(1, http.host())
            : SocketAddress.inetSocketAddress(http.port(), http.host());
    return new VerticleBase() {
      @Override
      public Future<?> start() {
        return server.listen(address);
      }

      @Override
      public Future<?> stop() {
        return server.shutdown(CLOSE_GRACE);
      }
    };
  }

  private HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setMaxInitialLineLength(REQUEST_LINE_MAX)
        .setMaxHeaderSize(HEADERS_MAX)
        .setMaxChunkSize(CHUNK_MAX)
        .setIdleTimeout((int) Connections.IDLE.toSeconds())
        .setTcpNoDelay(true);
  }

  private void announce(int port) {
    LOG.info("The API listens on {}:{}", http.host(), port);
    if (!HostNames.isLoopback(http.host())) {
      LOG.warn(
          "The API takes calls from other hosts without authentication (auth=off), by its addresses"
              + " and by the names {} (http.names)",
          HostNames.of(http));
    }
  }

  /** Answers what is not even a request; there is no body to wait for. */
  private static void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ErrorCode code =
        cause instanceof TooLongHttpLineException
            ? ErrorCode.URI_TOO_LONG
            : cause instanceof TooLongHttpHeaderException
                ? ErrorCode.HEADERS_TOO_LARGE
                : ErrorCode.BAD_REQUEST;
    String expected =
        switch (code) {
          case URI_TOO_LONG -> "a request line of at most " + REQUEST_LINE_MAX + " bytes";
          case HEADERS_TOO_LARGE -> "headers of at most " + HEADERS_MAX + " bytes";
          default -> "a well-formed HTTP request";
        };
    Answers.guard(request.response());
    request.response().putHeader("Connection", "close");
    Answers.problem(request, Problem.of(code, "Expected " + expected + ", but got something else"));
    var _ = request.connection().close();
  }
}
