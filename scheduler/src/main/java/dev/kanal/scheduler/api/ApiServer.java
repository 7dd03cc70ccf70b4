package dev.kanal.scheduler.api;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.config.HttpConfig;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.Meters;
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
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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

  private final ApiParts parts;
  private final HttpConfig http;
  private final LimitsConfig limits;
  private final Clients clients;
  private final Vertx vertx;
  private final Connections connections;
  private final List<Handler<RoutingContext>> doors;
  private final List<Route> routes;
  private final Handler<RoutingContext> dashboard;

  public ApiServer(ApiParts parts, HttpConfig http, LimitsConfig limits) {
    this(parts, http, limits, Clients.withBulk(new BulkBudget(AnswerSpool.Bounds.DEFAULT)));
  }

  ApiServer(ApiParts parts, HttpConfig http, LimitsConfig limits, Clients clients) {
    this.clients = clients;
    this.parts = parts;
    this.http = http;
    this.limits = limits;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(http.eventLoops())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.connections = new Connections(vertx, new Places(http.connections()), clients.heads());
    this.doors = doors();
    this.routes = routes();
    this.dashboard =
        parts.ui().mode() == UiConfig.Mode.OFF
            ? RoutingContext::next
            : new DashboardHandler(Site.load());
  }

  /** Starts to listen; the future tells the port, or why it cannot. */
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
  }

  /** The calls that there are, for the check against the contract. */
  List<Route> routeTable() {
    return routes;
  }

  private List<Handler<RoutingContext>> doors() {
    List<Handler<RoutingContext>> handlers = new ArrayList<>();
    handlers.add(connections);
    handlers.add(new CallTracer(parts.telemetry()));
    handlers.add(new CallMeters(new Meters(parts.telemetry()), parts.ticker()));
    handlers.add(new Doors(HostNames.of(http)));
    if (parts.ui().mode() == UiConfig.Mode.READ_ONLY) {
      handlers.add(new ReadOnlyDoor());
    }
    if (http.rateLimitRequests() > 0) {
      handlers.add(
          new RateLimiter(http.rateLimitRequests(), http.rateLimitWindow(), parts.ticker()));
    }
    handlers.add(new WaitDoor(clients.waits()));
    return handlers;
  }

  private List<Route> commands(JobCommandHandler.Parts jobs, BodyReader bodies) {
    return List.of(
        command("cancel", jobs, JobCommandHandler.Reading.of(new JobCommand.Cancel())),
        Route.post(
            "/v1/jobs/{id}/retry",
            Answers.JSON,
            new JobCommandHandler(jobs, new RetryReading(bodies, parts.clock(), limits.payload()))),
        Route.post(
            "/v1/jobs/{id}/reschedule",
            Answers.JSON,
            new JobCommandHandler(jobs, new RescheduleReading(bodies, parts.clock()))),
        complete(jobs),
        command("run-now", jobs, JobCommandHandler.Reading.of(new JobCommand.RunNow())),
        Route.bare(
            HttpMethod.DELETE,
            "/v1/jobs/{id}",
            new JobCommandHandler(jobs, JobCommandHandler.Reading.of(new JobCommand.Delete()))));
  }

  private List<Route> routes() {
    Forwarder forwarder = new Forwarder(vertx);
    JobLookup lookup = new JobLookup(vertx, parts, forwarder);
    JobParser parser =
        new JobParser(limits, parts.clock(), queue -> parts.queues().settings(queue).defaults());
    BodyReader bodies = new BodyReader(vertx, limits.payload() + BodyReader.OVERHEAD);
    Owners owners = new Owners(vertx, parts.reader(), forwarder);
    ListJobsHandler list = new ListJobsHandler(parts.reader(), owners);
    EventStreams streams = new EventStreams(vertx, parts.reader(), owners, clients.streams());
    EventsHandler events = new EventsHandler(streams, parts.clock());
    BulkOrders orders =
        new BulkOrders(vertx, parts.log(), parts.reader(), parts.clock(), parts.random());
    AtOwner atOwner = new AtOwner(parts.reader()::ownerOf, forwarder);
    QueueGauges gauges =
        new QueueGauges(parts.reader(), parts.queues(), parts.ticker(), owners, forwarder);
    gauges.start(vertx);
    Admission admission = new Admission(gauges, parts.reader());
    Sink<ToShard> log = admission.log(parts.log());
    Commands commands = new Commands(log, parts.reader(), parts.reach());
    SubmitHandler.Parts submits =
        new SubmitHandler.Parts(
            vertx,
            parts.withLog(log),
            atOwner,
            Placement.of(parts),
            new RepeatableSubmits(commands, parts.reader()),
            admission);
    JobCommandHandler.Parts jobs =
        new JobCommandHandler.Parts(vertx, parts.reader(), commands, atOwner, parts.queues());
    ScheduleRoutes schedules =
        new ScheduleRoutes(
            vertx,
            parts.schedules(),
            new Shards(parts.reader().shards()),
            parts.queues(),
            parts.clock(),
            commands,
            lookup,
            atOwner,
            owners,
            bodies,
            limits);
    List<Route> all = new ArrayList<>(schedules.all());
    all.addAll(forQueues(forwarder, owners, bodies).all());
    all.addAll(BulkActionRoutes.of(vertx, parts.queues(), owners, orders, parts.reader()));
    Collections.addAll(
        all,
        Route.post("/v1/jobs", Answers.JSON, new SubmitHandler(submits, parser, bodies, lookup)),
        Route.post(
            "/v1/jobs/bulk",
            BulkHandler.MEDIA_TYPE,
            new BulkHandler(submits, forwarder, parser, limits, clients.bulk())),
        Route.get("/v1/jobs", ListJobsHandler.QUERY, Answers.JSON, list),
        Route.get("/v1/jobs/{id}", Set.of("wait"), Answers.JSON, new GetJobHandler(lookup)),
        JobLogHandler.route(vertx, parts.reader(), atOwner),
        JobLifeHandler.route(vertx, parts.reader(), atOwner),
        Route.get("/v1/jobs/{id}/events", Set.of(), EventText.MEDIA_TYPE, events::job),
        Route.get("/v1/events", EventsHandler.QUERY, EventText.MEDIA_TYPE, events::all));
    all.addAll(commands(jobs, bodies));
    all.addAll(forOperators(owners).all());
    return List.copyOf(all);
  }

  private QueueRoutes forQueues(Forwarder forwarder, Owners owners, BodyReader bodies) {
    return new QueueRoutes(
        vertx,
        parts.reader(),
        parts.queues(),
        parts.workers().known(),
        parts.log(),
        parts.reach(),
        parts.clock(),
        parts.ticker(),
        new Meters(parts.telemetry()),
        forwarder,
        owners,
        bodies);
  }

  private OperateRoutes forOperators(Owners owners) {
    return new OperateRoutes(
        vertx,
        parts.reader(),
        owners,
        parts.quarantine(),
        parts.workers(),
        parts.clock(),
        parts.telemetry(),
        parts.reach(),
        parts.kafka(),
        parts.ui());
  }

  private Route complete(JobCommandHandler.Parts jobs) {
    return Route.post(
        "/v1/jobs/{id}/complete", Answers.JSON, new CompleteHandler(jobs, limits.result()));
  }

  private static Route command(
      String name, JobCommandHandler.Parts jobs, JobCommandHandler.Reading reading) {
    return Route.bare(
        HttpMethod.POST, "/v1/jobs/{id}/" + name, new JobCommandHandler(jobs, reading));
  }

  private Deployable listener(List<HttpServer> servers) {
    HttpServer server =
        vertx
            .createHttpServer(options())
            .connectionHandler(connections::opened)
            .requestHandler(Routes.router(vertx, doors, routes, dashboard))
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
