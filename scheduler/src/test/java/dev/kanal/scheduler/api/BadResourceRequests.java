package dev.kanal.scheduler.api;

import static dev.kanal.scheduler.api.BadRequests.INVALID;
import static dev.kanal.scheduler.api.BadRequests.JSON;
import static dev.kanal.scheduler.api.BadRequests.MALFORMED;

import dev.kanal.scheduler.api.BadRequests.Case;
import java.util.ArrayList;
import java.util.List;

/** Requests about queues and bulk actions that must be refused, and how. */
final class BadResourceRequests {
  private final List<Case> cases = new ArrayList<>();

  private BadResourceRequests() {}

  static List<Case> all() {
    BadResourceRequests table = new BadResourceRequests();
    table.queues();
    table.bulkActions();
    return table.cases;
  }

  private void queues() {
    queue("a queue's unknown field", "\"name\":\"a\"", "/name");
    queue("no partitions", "\"partitions\":0", "/partitions");
    queue("257 partitions", "\"partitions\":257", "/partitions");
    queue("partitions of null", "\"partitions\":null", "/partitions");
    queue("no capacity", "\"capacity\":0", "/capacity");
    queue("a capacity beyond a billion", "\"capacity\":1000000001", "/capacity");
    queue("no concurrency", "\"concurrency\":0", "/concurrency");
    queue("a concurrency of 100,001", "\"concurrency\":100001", "/concurrency");
    queue("a concurrency in a string", "\"concurrency\":\"5\"", "/concurrency");
    queue("a rate that is a number", "\"rate\":5", "/rate");
    queue("a rate of no permits", "\"rate\":{\"permits\":0,\"per\":\"1s\"}", "/rate/permits");
    queue("too many permits", "\"rate\":{\"permits\":1000001,\"per\":\"1s\"}", "/rate/permits");
    queue("a rate per 99 ms", "\"rate\":{\"permits\":1,\"per\":\"99ms\"}", "/rate/per");
    queue("a rate per day and more", "\"rate\":{\"permits\":1,\"per\":\"P1DT1S\"}", "/rate/per");
    queue("a rate of permits only", "\"rate\":{\"permits\":1}", "/rate");
    queue("a rate with a burst", "\"rate\":{\"burst\":1}", "/rate/burst");
    queue("no weight", "\"weight\":0", "/weight");
    queue("a weight of 101", "\"weight\":101", "/weight");
    queue("strict in words", "\"strict\":\"yes\"", "/strict");
    queue("paused as a number", "\"paused\":1", "/paused");
    queue("a default priority", "\"defaults\":{\"priority\":\"high\"}", "/defaults/priority");
    queue("a default timeout of nothing", "\"defaults\":{\"timeout\":\"0s\"}", "/defaults/timeout");
    queue(
        "no default attempts",
        "\"defaults\":{\"retry\":{\"maxAttempts\":0}}",
        "/defaults/retry/maxAttempts");
    queue(
        "a default max below the first wait",
        "\"defaults\":{\"retry\":{\"backoff\":{\"max\":\"1ms\"}}}",
        "/defaults/retry/backoff/max");
    queue(
        "a default retention of 4,000 days",
        "\"defaults\":{\"retention\":{\"other\":\"4000d\"}}",
        "/defaults/retention/other");
    queue("scaling", "\"scaling\":{\"min\":1}", "/scaling/min");
    queue("least workers", "\"scaling\":{\"minWorkers\":-1}", "/scaling/minWorkers");
    queue("too many at least", "\"scaling\":{\"minWorkers\":10001}", "/scaling/minWorkers");
    queue("none at most", "\"scaling\":{\"maxWorkers\":0}", "/scaling/maxWorkers");
    queue("far target", "\"scaling\":{\"targetSeconds\":86401}", "/scaling/targetSeconds");
    queue("most workers", "\"scaling\":{\"maxWorkers\":10001}", "/scaling/maxWorkers");
    queue("target", "\"scaling\":{\"targetSeconds\":0}", "/scaling/targetSeconds");
    queue("no room", "\"scaling\":{\"minWorkers\":3,\"maxWorkers\":2}", "/scaling/maxWorkers");
    cases.add(put("a queue that is an array", "/v1/queues/bad", "[]", INVALID));
    cases.add(put("half a queue", "/v1/queues/bad", "{\"weight\":", MALFORMED));
    cases.add(put("a queue's name in capitals", "/v1/queues/Bad", "{}", INVALID));
    cases.add(put("a queue's name of 64", "/v1/queues/" + "q".repeat(64), "{}", INVALID));
    for (String call :
        List.of(
            "GET /v1/queues/none-such",
            "GET /v1/queues/None",
            "DELETE /v1/queues/none-such",
            "DELETE /v1/queues/None",
            "POST /v1/queues/none-such/pause",
            "POST /v1/queues/none-such/purge",
            "POST /v1/queues/None/purge",
            "POST /v1/queues/none-such/resume")) {
      cases.add(new Case(call, call, List.of(), "", "404 not-found", ""));
    }
  }

  private void queue(String name, String fields, String pointer) {
    cases.add(
        new Case(name, "PUT /v1/queues/bad", List.of(JSON), "{" + fields + "}", INVALID, pointer));
  }

  private static Case put(String name, String path, String body, String answer) {
    return new Case(name, "PUT " + path, List.of(JSON), body, answer, "");
  }

  private void bulkActions() {
    bulkAction("no action", "{\"filter\":{\"queue\":\"a\"}}", "/action");
    bulkAction(
        "an unknown action", "{\"action\":\"purge\",\"filter\":{\"queue\":\"a\"}}", "/action");
    bulkAction("neither ids nor a filter", "{\"action\":\"retry\"}", "");
    bulkAction("an empty filter", "{\"action\":\"retry\",\"filter\":{}}", "/filter");
    bulkAction("an unknown condition", "{\"action\":\"retry\",\"filter\":{\"a\":1}}", "/filter/a");
    bulkAction(
        "a wrong state", "{\"action\":\"retry\",\"filter\":{\"state\":\"X\"}}", "/filter/state");
    bulkAction(
        "a state that rules it out",
        "{\"action\":\"cancel\",\"filter\":{\"state\":\"DEAD\"}}",
        "/filter/state");
    bulkAction(
        "a tag without a text",
        "{\"action\":\"retry\",\"filter\":{\"tags\":{\"a\":1}}}",
        "/filter/tags/a");
    bulkAction("no ids", "{\"action\":\"retry\",\"ids\":[]}", "/ids");
    bulkAction("an id that is none", "{\"action\":\"retry\",\"ids\":[\"a\"]}", "/ids/0");
    bulkAction("a dry run in words", "{\"action\":\"retry\",\"dryRun\":\"yes\"}", "/dryRun");
    String missing = "GET /v1/bulk-actions/01900000-0000-7000-8000-000000000000";
    cases.add(
        new Case("a bulk action that is not there", missing, List.of(), "", "404 not-found", ""));
  }

  private void bulkAction(String name, String body, String pointer) {
    cases.add(new Case(name, "POST /v1/bulk-actions", List.of(JSON), body, INVALID, pointer));
  }
}
