package dev.kanal.scheduler.api.http;

import io.vertx.core.http.HttpServerRequest;

/** The header by which nodes know requests that another node has passed on. */
public final class NodeHeaders {
  /** Marks a client's request that came by another node: it is not passed on again. */
  public static final String FORWARDED = "Kanal-Forwarded";

  private NodeHeaders() {}

  /** Whether another node has passed this request on. */
  public static boolean isForwarded(HttpServerRequest request) {
    return request.getHeader(FORWARDED) != null;
  }
}
