package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks other scheduler nodes. What has been passed on once is not passed on again. */
final class Forwarder {
  /** Marks a question from another node. */
  static final String FORWARDED = "Kanal-Forwarded";

  /** Says on answers to other nodes whether the job has ended. */
  static final String FINAL = "Kanal-Final";

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CONNECT_TIMEOUT_MS = 1_000;
  private static final int QUICK_CONNECTIONS = 64;
  private static final int QUEUE_MAX = 4_096;

  private final HttpClient quick;

  /** Apart, so that calls that wait for jobs do not hold up those that do not. */
  private final HttpClient waiting;

  Forwarder(Vertx vertx) {
    this.quick = client(vertx, QUICK_CONNECTIONS);
    this.waiting = client(vertx, Waits.MOST);
  }

  private static HttpClient client(Vertx vertx, int connectionsPerNode) {
    return vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(true),
        new PoolOptions().setHttp1MaxSize(connectionsPerNode).setMaxWaitQueueSize(QUEUE_MAX));
  }

  /** Where another node's API listens. */
  record Node(String host, int port) {}

  /** An answer of another node, as it came. */
  record Reply(int status, Buffer body, @Nullable String etag, boolean isFinal) {}

  void find(Node node, JobId job, Duration atMost, Consumer<JobLookup.Result> then) {
    String wait = atMost.isZero() ? "" : "?wait=" + Duration.ofMillis(atMost.toMillis());
    ask(node, "/v1/jobs/" + job + wait, atMost)
        .onComplete(reply -> then.accept(result(job, reply.result())));
  }

  Future<Reply> ask(Node node, String uri, Duration more) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(node.host())
            .setPort(node.port())
            .setURI(uri)
            .setTimeout(more.plus(PATIENCE).toMillis())
            .putHeader(FORWARDED, "1");
    return (more.isZero() ? quick : waiting)
        .request(options)
        .compose(request -> request.send())
        .compose(
            response ->
                response
                    .body()
                    .map(
                        body ->
                            new Reply(
                                response.statusCode(),
                                body,
                                response.getHeader("ETag"),
                                "true".equals(response.getHeader(FINAL)))));
  }

  private static JobLookup.Result result(JobId job, @Nullable Reply reply) {
    if (reply == null) {
      return JobLookup.unavailable("The owner of shard " + job.shard() + " does not answer");
    }
    return switch (reply.status()) {
      case 200 ->
          new JobLookup.Result.Body(
              reply.body(), reply.etag() == null ? "\"0\"" : reply.etag(), reply.isFinal());
      case 404 -> new JobLookup.Result.Refused(Problem.noSuchJob(job.toString()));
      default ->
          JobLookup.unavailable(
              "The owner of shard " + job.shard() + " answered " + reply.status());
    };
  }
}
