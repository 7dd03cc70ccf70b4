package dev.kanal.scheduler.api.node;

import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.http.WaitLimits;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;

/** Asks other scheduler nodes. What has been passed on once is not passed on again. */
public final class NodeClient {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CONNECT_TIMEOUT_MS = 1_000;
  private static final int QUICK_CONNECTIONS = 64;
  private static final int QUEUE_MAX = 4_096;

  /** What a passed-on request keeps of its headers. */
  private static final List<String> REQUEST_HEADERS =
      List.of(
          "Content-Type",
          "Accept",
          "Prefer",
          "Idempotency-Key",
          "If-Match",
          "If-None-Match",
          "traceparent",
          "tracestate",
          "baggage");

  /** What the answer to it keeps. */
  private static final List<String> ANSWER_HEADERS =
      List.of(
          "Content-Type",
          "Location",
          "ETag",
          "Retry-After",
          "Allow",
          "Idempotency-Replayed",
          "Preference-Applied");

  private final HttpClient quick;

  /** Apart, so that calls that wait for jobs do not hold up those that do not. */
  private final HttpClient waiting;

  public NodeClient(Vertx vertx) {
    this.quick = client(vertx, QUICK_CONNECTIONS);
    this.waiting = client(vertx, WaitLimits.MOST);
  }

  private static HttpClient client(Vertx vertx, int connectionsPerNode) {
    return vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(true),
        new PoolOptions().setHttp1MaxSize(connectionsPerNode).setMaxWaitQueueSize(QUEUE_MAX));
  }

  /** Where another node's API listens. */
  public record Node(String host, int port) {}

  /** An answer of another node, as it came. */
  public record Reply(int status, Buffer body, MultiMap headers) {}

  /** What became of a request that was passed on. */
  public sealed interface Passed {
    /** The other node's answer; of its headers those that matter. */
    record Answered(int status, MultiMap headers, Buffer body) implements Passed {}

    /** The other node has not got it. */
    record NotSent() implements Passed {}

    /** The other node may have got it, and did not answer. */
    record Unanswered() implements Passed {}
  }

  /**
   * Passes a whole request on, once its body has been read.
   *
   * @param atMost how long the other node may take
   */
  public Future<Passed> pass(Node node, HttpServerRequest request, Buffer body, Duration atMost) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(node.host())
            .setPort(node.port())
            .setURI(request.path() + query(request))
            .setTimeout(atMost.toMillis())
            .setHeaders(kept(REQUEST_HEADERS, request.headers()))
            .putHeader(NodeHeaders.FORWARDED, "1");
    boolean slow =
        Preferences.wait(request.headers()).isPresent() || "/v1/jobs/bulk".equals(request.path());
    HttpClient client = slow ? waiting : quick;
    return client
        .request(options)
        .transform(
            connected ->
                connected.succeeded()
                    ? send(connected.result(), body)
                    : Future.succeededFuture(new Passed.NotSent()));
  }

  private static Future<Passed> send(HttpClientRequest request, Buffer body) {
    return request
        .send(body)
        .compose(
            response ->
                response
                    .body()
                    .<Passed>map(
                        answer ->
                            new Passed.Answered(
                                response.statusCode(),
                                kept(ANSWER_HEADERS, response.headers()),
                                answer)))
        .otherwise(new Passed.Unanswered());
  }

  private static MultiMap kept(List<String> names, MultiMap all) {
    MultiMap kept = MultiMap.caseInsensitiveMultiMap();
    for (String name : names) {
      List<String> values = all.getAll(name);
      if (!values.isEmpty()) {
        kept.add(name, values);
      }
    }
    return kept;
  }

  /** The query of a request behind its question mark, for others to be asked the same. */
  public static String query(HttpServerRequest request) {
    return request.query() == null ? "" : "?" + request.query();
  }

  /**
   * Asks a node; fails if it does not answer the question.
   *
   * @param rest of the question's path, as {@link Question#uri} takes it
   */
  public <A> Future<A> ask(Node node, Question<A> question, String rest) {
    return ask(node, question.uri(rest), Duration.ZERO)
        .transform(
            reply ->
                reply.succeeded() && reply.result().status() == 200
                    ? Future.succeededFuture(question.read().apply(reply.result().body()))
                    : AllOwners.away(
                        "The node at " + node.host() + ":" + node.port() + " does not answer"));
  }

  /**
   * Asks a node for whatever it answers; one that answers 404 is asked as the release before was.
   *
   * @param uri of an internal call
   * @param more how much longer than usual it may take; such calls wait apart from the others
   */
  public Future<Reply> ask(Node node, String uri, Duration more) {
    HttpClient client = more.isZero() ? quick : waiting;
    RequestOptions asked =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(node.host())
            .setPort(node.port())
            .setURI(uri)
            .setTimeout(more.plus(PATIENCE).toMillis());
    return ask(client, asked)
        .compose(
            reply ->
                reply.status() == 404
                    ? ask(client, OldQuestions.asBefore(asked))
                    : Future.succeededFuture(reply));
  }

  private static Future<Reply> ask(HttpClient client, RequestOptions options) {
    // Within a step, since a client that is closed throws.
    return Future.succeededFuture()
        .compose(_ -> client.request(options))
        .compose(request -> request.send())
        .compose(
            response ->
                response
                    .body()
                    .map(body -> new Reply(response.statusCode(), body, response.headers())));
  }
}
