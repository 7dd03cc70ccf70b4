package dev.kanal.scheduler.api;

import io.vertx.core.http.HttpServerRequest;

/** The headers by which nodes know each other's calls. */
final class NodeHeaders {
  /** Marks a question from another node. */
  static final String FORWARDED = "Kanal-Forwarded";

  /** The mark of a question for no more than the unfinished jobs of each queue. */
  static final String USE = "use";

  /** Says on answers to other nodes whether the job has ended. */
  static final String FINAL = "Kanal-Final";

  private NodeHeaders() {}

  /** Whether another node has passed this request on, or asks it itself. */
  static boolean isForwarded(HttpServerRequest request) {
    return request.getHeader(FORWARDED) != null;
  }
}
