package dev.kanal.scheduler.api.http;

import io.vertx.core.http.HttpServerRequest;

/** The headers by which nodes know each other's calls. */
public final class NodeHeaders {
  /** Marks a question from another node. */
  public static final String FORWARDED = "Kanal-Forwarded";

  /** The mark of a question for no more than the unfinished jobs of each queue. */
  public static final String USE = "use";

  /** Says on answers to other nodes whether the job has ended. */
  public static final String FINAL = "Kanal-Final";

  private NodeHeaders() {}

  /** Whether another node has passed this request on, or asks it itself. */
  public static boolean isForwarded(HttpServerRequest request) {
    return request.getHeader(FORWARDED) != null;
  }
}
