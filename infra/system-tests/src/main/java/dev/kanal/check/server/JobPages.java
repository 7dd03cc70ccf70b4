package dev.kanal.check.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pages of one list of jobs, one after the other. Not for several threads. */
public final class JobPages {
  private final Api api;
  private final String path;
  private @Nullable String cursor = "";

  /**
   * @param query the filters, such as {@code state=DEAD&limit=50}
   */
  public JobPages(Api api, String query) {
    this.api = api;
    this.path = "/v1/jobs?" + query;
  }

  /** Whether there is another page. */
  public boolean hasNext() {
    return cursor != null;
  }

  /**
   * The jobs of the next page; may be empty with more to come.
   *
   * @throws CheckStopped if it is refused
   */
  public List<JsonNode> next() throws InterruptedException {
    String more = cursor == null || cursor.isEmpty() ? "" : "&cursor=" + cursor;
    JsonNode page = api.get(path + more).expectSuccess();
    JsonNode next = page.path("nextCursor");
    cursor = next.isTextual() ? next.asText() : null;
    List<JsonNode> jobs = new ArrayList<>();
    page.path("items").forEach(jobs::add);
    return jobs;
  }

  /** All jobs of all pages that are left. */
  public List<JsonNode> all() throws InterruptedException {
    List<JsonNode> jobs = new ArrayList<>();
    while (hasNext()) {
      jobs.addAll(next());
    }
    return jobs;
  }
}
