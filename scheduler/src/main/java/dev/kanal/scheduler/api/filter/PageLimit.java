package dev.kanal.scheduler.api.filter;

import io.vertx.core.http.HttpServerRequest;

/** The query parameter {@code limit}. */
public final class PageLimit {
  private PageLimit() {}

  /**
   * How many items a page may have.
   *
   * @param most at most 999
   */
  public static int of(HttpServerRequest request, int usual, int most)
      throws FilterQuery.MalformedException {
    String text = request.getParam("limit", Integer.toString(usual));
    if (text.matches("[1-9]\\d{0,2}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new FilterQuery.MalformedException("limit", "a whole number from 1 to " + most, text);
  }
}
