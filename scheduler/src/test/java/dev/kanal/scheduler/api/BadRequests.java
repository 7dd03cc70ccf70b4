package dev.kanal.scheduler.api;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests that must be refused, and how: to be sent to any running system that listens on loopback
 * and has the default limits.
 */
public final class BadRequests {
  static final String JSON = "Content-Type: application/json";
  static final String MALFORMED = "400 malformed-json";
  static final String INVALID = "422 invalid-request";
  private static final String JOB = "{\"type\":\"bad.request\"}";

  private final List<Case> cases = new ArrayList<>();

  private BadRequests() {}

  /**
   * One request and its answer.
   *
   * @param start method and target, as in the request line
   * @param headers besides {@code Host} and {@code Content-Length}
   * @param body each character is one byte
   * @param answer status and problem code
   * @param pointer of the first error; empty without one
   */
  public record Case(
      String name, String start, List<String> headers, String body, String answer, String pointer) {

    /** The bytes to send as characters from 0 to 255. */
    public String wire() {
      StringBuilder head = new StringBuilder(start).append(" HTTP/1.1\r\n");
      if (headers.stream().noneMatch(header -> header.startsWith("Host"))) {
        head.append("Host: localhost\r\n");
      }
      headers.forEach(header -> head.append(header).append("\r\n"));
      if (headers.stream().noneMatch(header -> header.startsWith("Content-Length"))) {
        head.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      return head.append("\r\n").append(body).toString();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them. */
  public static List<Case> all() {
    BadRequests table = new BadRequests();
    table.malformed();
    table.wrongTypes();
    table.names();
    table.times();
    table.retries();
    table.tags();
    table.retention();
    table.keys();
    table.cases.addAll(BadHttpPayloads.all());
    table.commands();
    table.tooLarge();
    table.mediaTypes();
    table.paths();
    table.methods();
    table.queries();
    table.cases.addAll(BadResourceRequests.all());
    table.filters();
    table.notHttp();
    return List.copyOf(table.cases);
  }

  /** Good and broken lines of a batch upload; each character is one byte. */
  public static String bulkBody() {
    return "{\"type\":\"bulk.good\"}\r\n\r\n{\"type\":\n"
        + "{\"type\":\"bulk.bad\",\"payload\":\"\u00c3\"}\n  \n"
        + "{\"type\":\"bulk.bad\",\"wrong\":1}\n"
        + "x".repeat(600 * 1024)
        + "\n[]\n{\"type\":\"bulk.bad\",\"payload\":\""
        + "x".repeat(256 * 1024)
        + "\"}\n{\"type\":\"bulk.good\"}";
  }

  /** The answers to {@link #bulkBody}: line, problem code or id, pointer. */
  public static List<String> bulkAnswers() {
    return List.of(
        "1 id ",
        "3 malformed-json ",
        "4 malformed-json ",
        "6 invalid-request /wrong",
        "7 payload-too-large ",
        "8 invalid-request ",
        "9 payload-too-large ",
        "10 id ");
  }

  private void submit(String name, String body, String answer, String pointer) {
    cases.add(new Case(name, "POST /v1/jobs", List.of(JSON), body, answer, pointer));
  }

  private void malformed(String name, String body) {
    submit(name, body, MALFORMED, "");
  }

  /** A job with these fields besides its type. */
  private void invalid(String name, String fields, String pointer) {
    submit(name, "{\"type\":\"bad.request\"," + fields + "}", INVALID, pointer);
  }

  private void request(String name, String start, String header, String answer) {
    String body = start.startsWith("POST") ? JOB : "";
    List<String> headers =
        header.isEmpty()
            ? List.of(JSON)
            : header.startsWith("Content-Type") ? List.of(header) : List.of(JSON, header);
    cases.add(new Case(name, start, headers, body, answer, ""));
  }

  private void malformed() {
    malformed("no body", "");
    malformed("blank body", "  ");
    malformed("object that does not end", "{\"type\":\"a\"");
    malformed("single quotes", "{'type':'a'}");
    malformed("comma at the end", "{\"type\":\"a\",}");
    malformed("field without a value", "{\"type\":}");
    malformed("field twice", "{\"type\":\"a\",\"type\":\"b\"}");
    malformed("field twice in the payload", "{\"type\":\"a\",\"payload\":{\"x\":1,\"x\":2}}");
    malformed("two documents", JOB + JOB);
    malformed("something after the document", JOB + "]");
    malformed("NaN", "{\"type\":\"a\",\"payload\":NaN}");
    malformed("a comment", "{\"type\":\"a\"/* no */}");
    malformed("half a word", "{\"type\":\"a\",\"payload\":tru}");
    malformed("a number with a leading zero", "{\"type\":\"a\",\"payload\":01}");
    malformed("an unknown escape", "{\"type\":\"a\",\"payload\":\"\\x41\"}");
    malformed("a raw line break in a string", "{\"type\":\"a\nb\"}");
    malformed("a continuation byte missing", "{\"type\":\"a\",\"payload\":\"\u00c3(\"}");
    malformed("an overlong NUL", "{\"type\":\"a\",\"payload\":\"\u00c0\u0080\"}");
    malformed("an encoded surrogate", "{\"type\":\"a\",\"payload\":\"\u00ed\u00a0\u0080\"}");
    malformed(
        "beyond the last character", "{\"type\":\"a\",\"payload\":\"\u00f4\u0090\u0080\u0080\"}");
    malformed("Latin-1", "{\"type\":\"a\",\"payload\":\"\u00e9\"}");
    malformed("a raw NUL", "{\"type\":\"a\",\"payload\":\"\u0000\"}");
    malformed(
        "UTF-16", JOB.chars().mapToObj(c -> "\u0000" + (char) c).collect(Collectors.joining()));
    malformed("a byte order mark", "\u00ef\u00bb\u00bf" + JOB);
    malformed("101 levels", nested(101));
    malformed("100,000 levels", "{\"type\":\"a\",\"payload\":" + "[".repeat(100_000));
  }

  private static String nested(int levels) {
    return "{\"type\":\"a\",\"payload\":" + "[".repeat(levels - 1) + "]".repeat(levels - 1) + "}";
  }

  private void wrongTypes() {
    submit("an array", "[" + JOB + "]", INVALID, "");
    submit("a string", "\"echo\"", INVALID, "");
    submit("null", "null", INVALID, "");
    submit("no type", "{\"payload\":1}", INVALID, "/type");
    submit("type null", "{\"type\":null}", INVALID, "/type");
    submit("type a number", "{\"type\":7}", INVALID, "/type");
    invalid("an unknown field", "\"paylod\":1", "/paylod");
    invalid("an unknown field of a strange name", "\"a/b~c\":{\"x\":[1]}", "/a~1b~0c");
    invalid("queue null", "\"queue\":null", "/queue");
    invalid("queue an object", "\"queue\":{}", "/queue");
    invalid("priority a number", "\"priority\":1", "/priority");
    invalid("retry a string", "\"retry\":\"3\"", "/retry");
    invalid("backoff an array", "\"retry\":{\"backoff\":[]}", "/retry/backoff");
    invalid("tags an array", "\"tags\":[\"a\"]", "/tags");
    invalid("retention a number", "\"retention\":7", "/retention");
    invalid("timeout a number", "\"timeout\":30", "/timeout");
    invalid("deadline a boolean", "\"deadline\":true", "/deadline");
  }

  private void names() {
    submit("an empty type", "{\"type\":\"\"}", INVALID, "/type");
    submit("a type with a blank", "{\"type\":\"a b\"}", INVALID, "/type");
    submit("a type of 129", "{\"type\":\"" + "a".repeat(129) + "\"}", INVALID, "/type");
    submit("a type with NUL", "{\"type\":\"a\\u0000\"}", INVALID, "/type");
    submit("a type with a line break", "{\"type\":\"a\\n\"}", INVALID, "/type");
    invalid("an empty queue", "\"queue\":\"\"", "/queue");
    invalid("a queue in capitals", "\"queue\":\"Mail\"", "/queue");
    invalid("a queue with a dot", "\"queue\":\"a.b\"", "/queue");
    invalid("a queue of 64", "\"queue\":\"" + "q".repeat(64) + "\"", "/queue");
    invalid("a queue with NUL", "\"queue\":\"a\\u0000\"", "/queue");
    invalid("an unknown priority", "\"priority\":\"urgent\"", "/priority");
    invalid("a priority in capitals", "\"priority\":\"HIGH\"", "/priority");
  }

  private void times() {
    invalid("delay in words", "\"delay\":\"5 minutes\"", "/delay");
    invalid("a delay without a unit", "\"delay\":\"5\"", "/delay");
    invalid("a negative delay", "\"delay\":\"-PT5S\"", "/delay");
    invalid("a delay beyond a century", "\"delay\":\"P36501D\"", "/delay");
    invalid("a delay in months", "\"delay\":\"P1M\"", "/delay");
    invalid("delay and runAt", "\"delay\":\"5s\",\"runAt\":\"2040-01-01T00:00:00Z\"", "/runAt");
    invalid("runAt without an offset", "\"runAt\":\"2040-01-01T00:00:00\"", "/runAt");
    invalid("runAt without seconds", "\"runAt\":\"2040-01-01T00:00Z\"", "/runAt");
    invalid("runAt a date", "\"runAt\":\"2040-01-01\"", "/runAt");
    invalid("runAt on 30 February", "\"runAt\":\"2040-02-30T00:00:00Z\"", "/runAt");
    invalid("runAt at 25 o'clock", "\"runAt\":\"2040-01-01T25:00:00Z\"", "/runAt");
    invalid("runAt in a zone", "\"runAt\":\"2040-01-01T00:00:00[Europe/Paris]\"", "/runAt");
    invalid("runAt in milliseconds", "\"runAt\":1893456000000", "/runAt");
    invalid("runAt in words", "\"runAt\":\"tomorrow\"", "/runAt");
    invalid("runAt too far away", "\"runAt\":\"9999-01-01T00:00:00Z\"", "/runAt");
    invalid("timeout of nothing", "\"timeout\":\"0s\"", "/timeout");
    invalid("timeout of eight days", "\"timeout\":\"8d\"", "/timeout");
    invalid("an empty timeout", "\"timeout\":\"\"", "/timeout");
    invalid("a deadline in the past", "\"deadline\":\"2001-01-01T00:00:00Z\"", "/deadline");
    invalid("a deadline in words", "\"deadline\":\"soon\"", "/deadline");
    invalid(
        "a deadline before the start",
        "\"runAt\":\"2041-01-01T00:00:00Z\",\"deadline\":\"2040-01-01T00:00:00Z\"",
        "/deadline");
    invalid(
        "a deadline before the delay is over",
        "\"delay\":\"9000d\",\"deadline\":\"2040-01-01T00:00:00Z\"",
        "/deadline");
  }

  private void retries() {
    invalid("no attempts", "\"retry\":{\"maxAttempts\":0}", "/retry/maxAttempts");
    invalid("1,001 attempts", "\"retry\":{\"maxAttempts\":1001}", "/retry/maxAttempts");
    invalid("an attempt and a half", "\"retry\":{\"maxAttempts\":1.5}", "/retry/maxAttempts");
    invalid("attempts in a string", "\"retry\":{\"maxAttempts\":\"3\"}", "/retry/maxAttempts");
    invalid(
        "attempts beyond 64 bits",
        "\"retry\":{\"maxAttempts\":99999999999999999999}",
        "/retry/maxAttempts");
    invalid("an unknown field of retry", "\"retry\":{\"attempts\":3}", "/retry/attempts");
    backoff("a shrinking wait", "\"multiplier\":0.5", "multiplier");
    backoff("a multiplier of 101", "\"multiplier\":101", "multiplier");
    backoff("a multiplier in a string", "\"multiplier\":\"2\"", "multiplier");
    backoff("a multiplier beyond doubles", "\"multiplier\":1e400", "multiplier");
    backoff("a jitter of 1.5", "\"jitter\":1.5", "jitter");
    backoff("a negative jitter", "\"jitter\":-0.1", "jitter");
    backoff("an initial wait in words", "\"initial\":\"a while\"", "initial");
    backoff("an initial wait above the default max", "\"initial\":\"1h\"", "initial");
    backoff("a max below the initial wait", "\"initial\":\"10s\",\"max\":\"5s\"", "max");
    backoff("a max of two years", "\"max\":\"730d\"", "max");
    backoff("an unknown field of backoff", "\"base\":2", "base");
  }

  private void backoff(String name, String fields, String field) {
    invalid(name, "\"retry\":{\"backoff\":{" + fields + "}}", "/retry/backoff/" + field);
  }

  private void tags() {
    invalid("a tag of a number", "\"tags\":{\"n\":1}", "/tags/n");
    invalid("a tag of null", "\"tags\":{\"n\":null}", "/tags/n");
    invalid("a tag of an object", "\"tags\":{\"n\":{\"a\":[]}}", "/tags/n");
    invalid("a tag without a name", "\"tags\":{\"\":\"a\"}", "/tags/");
    invalid(
        "a tag's name of 64",
        "\"tags\":{\"" + "n".repeat(64) + "\":\"a\"}",
        "/tags/" + "n".repeat(64));
    invalid("a tag's value of 257", "\"tags\":{\"n\":\"" + "v".repeat(257) + "\"}", "/tags/n");
    invalid("a tag's value with NUL", "\"tags\":{\"n\":\"a\\u0000\"}", "/tags/n");
    invalid("half a surrogate pair", "\"tags\":{\"n\":\"\\ud83d\"}", "/tags/n");
    String many =
        IntStream.range(0, 33)
            .mapToObj(i -> "\"t" + i + "\":\"v\"")
            .collect(Collectors.joining(","));
    invalid("33 tags", "\"tags\":{" + many + "}", "/tags");
  }

  private void retention() {
    invalid(
        "a negative retention", "\"retention\":{\"succeeded\":\"-P1D\"}", "/retention/succeeded");
    invalid("a retention of 4,000 days", "\"retention\":{\"other\":\"4000d\"}", "/retention/other");
    invalid("an unknown retention", "\"retention\":{\"dead\":\"1d\"}", "/retention/dead");
  }

  private void keys() {
    invalid("an empty key", "\"key\":\"\"", "/key");
    invalid("a key of 257", "\"key\":\"" + "k".repeat(257) + "\"", "/key");
    invalid("a key of a number", "\"key\":7", "/key");
    invalid("a key with NUL", "\"key\":\"a\\u0000\"", "/key");
    invalid("a key limit without a key", "\"keyLimit\":2", "/keyLimit");
    invalid("a key limit of 0", "\"key\":\"k\",\"keyLimit\":0", "/keyLimit");
    invalid("a key limit of 1,001", "\"keyLimit\":1001,\"key\":\"k\"", "/keyLimit");
    invalid("a key limit in a string", "\"key\":\"k\",\"keyLimit\":\"2\"", "/keyLimit");
    invalid("an empty idempotency key", "\"idempotencyKey\":\"\"", "/idempotencyKey");
    invalid("an idempotency key of null", "\"idempotencyKey\":null", "/idempotencyKey");
    invalid(
        "an idempotency key of 257",
        "\"idempotencyKey\":\"" + "k".repeat(257) + "\"",
        "/idempotencyKey");
    keyHeader("an empty idempotency key as a header", "Idempotency-Key: \"\"", JOB, "");
    keyHeader("a header of 257", "Idempotency-Key: " + "k".repeat(257), JOB, "");
    keyHeader("a header beyond ASCII", "Idempotency-Key: \u00e9", JOB, "");
    keyHeader(
        "another idempotency key in the header than in the body",
        "Idempotency-Key: a",
        "{\"type\":\"a\",\"idempotencyKey\":\"b\"}",
        "/idempotencyKey");
    cases.add(
        new Case(
            "an idempotency key for many lines",
            "POST /v1/jobs/bulk",
            List.of("Content-Type: application/x-ndjson", "Idempotency-Key: a"),
            JOB,
            INVALID,
            ""));
  }

  private void keyHeader(String name, String header, String body, String pointer) {
    cases.add(new Case(name, "POST /v1/jobs", List.of(JSON, header), body, INVALID, pointer));
  }

  private void commands() {
    String job = "/v1/jobs/01900000-0000-7000-8000-000000000000";
    String missing = "404 not-found";
    for (String path : List.of("/cancel", "/run-now", "/retry")) {
      retry("no job to " + path.substring(1), job + path, "", missing, "");
      request("reading " + path.substring(1), "GET " + job + path, "", "405 method-not-allowed");
      retry(
          path.substring(1) + " with a query",
          job + path + "?now=1",
          "",
          "400 malformed-query",
          "");
    }
    retry("cancelling an id that is none", "/v1/jobs/seven/cancel", "", missing, "");
    request("deleting no job", "DELETE " + job, "", missing);
    request("deleting an id that is none", "DELETE /v1/jobs/seven", "", missing);
    retry("a retry in pieces", job + "/retry", "{", MALFORMED, "");
    retry("a retry of an array", job + "/retry", "[]", INVALID, "");
    retry("a retry with an unknown field", job + "/retry", "{\"in\":\"5s\"}", INVALID, "/in");
    retry(
        "a retry with a deadline in words",
        job + "/retry",
        "{\"deadline\":\"soon\"}",
        INVALID,
        "/deadline");
    retry(
        "a retry with a deadline in the past",
        job + "/retry",
        "{\"deadline\":\"2001-01-01T00:00:00Z\"}",
        INVALID,
        "/deadline");
    cases.add(
        new Case(
            "a retry as text",
            "POST " + job + "/retry",
            List.of("Content-Type: text/plain"),
            "{}",
            "415 unsupported-media-type",
            ""));
  }

  private void retry(String name, String path, String body, String answer, String pointer) {
    cases.add(new Case(name, "POST " + path, List.of(JSON), body, answer, pointer));
  }

  private void tooLarge() {
    String payload = "\"" + "x".repeat(256 * 1024 - 1) + "\"";
    submit(
        "a payload of 256 KiB and a byte",
        "{\"type\":\"a\",\"payload\":" + payload + "}",
        "413 payload-too-large",
        "");
    submit(
        "a body of 330 KiB",
        "{\"type\":\"a\"," + " ".repeat(330 * 1024) + "}",
        "413 payload-too-large",
        "");
    cases.add(
        new Case(
            "a body said to be of 1 GiB",
            "POST /v1/jobs",
            List.of(JSON, "Content-Length: 1073741824"),
            JOB,
            "413 payload-too-large",
            ""));
  }

  private void mediaTypes() {
    String refused = "415 unsupported-media-type";
    cases.add(new Case("no media type", "POST /v1/jobs", List.of(), JOB, refused, ""));
    request("a form", "POST /v1/jobs", "Content-Type: application/x-www-form-urlencoded", refused);
    request("plain text", "POST /v1/jobs", "Content-Type: text/plain", refused);
    request(
        "JSON in Latin-1",
        "POST /v1/jobs",
        "Content-Type: application/json; charset=iso-8859-1",
        refused);
    request(
        "lines for a single job", "POST /v1/jobs", "Content-Type: application/x-ndjson", refused);
    request("a single job for lines", "POST /v1/jobs/bulk", "", refused);
    request("a compressed body", "POST /v1/jobs", "Content-Encoding: gzip", refused);
    request("an answer in HTML", "POST /v1/jobs", "Accept: text/html", "406 not-acceptable");
    request(
        "an answer not in JSON",
        "GET /v1/queues",
        "Accept: application/json;q=0, */*",
        "406 not-acceptable");
  }

  private void paths() {
    String missing = "404 not-found";
    request("an unknown path", "GET /v2/jobs", "", missing);
    request("the root of the API", "GET /v1", "", missing);
    request("an id that is none", "GET /v1/jobs/seven", "", missing);
    request(
        "an id of another version",
        "GET /v1/jobs/8b3e0a6e-7d7f-4d5c-9a43-2f6a3a2b1c0d",
        "",
        missing);
    request(
        "a job that is not there",
        "GET /v1/jobs/01900000-0000-7000-8000-000000000000",
        "",
        missing);
    request(
        "a shard that is not there",
        "GET /v1/jobs/01900000-0000-7fff-8000-000000000000",
        "",
        missing);
    request("an id with a NUL", "GET /v1/jobs/a%00b", "", missing);
  }

  private void methods() {
    String refused = "405 method-not-allowed";
    request("deleting all jobs", "DELETE /v1/jobs", "", refused);
    request("putting a job", "PUT /v1/jobs/01900000-0000-7000-8000-000000000000", "", refused);
    request("reading in bulk", "GET /v1/jobs/bulk", "", refused);
    request("patching the queues", "PATCH /v1/queues", "", refused);
    request("pausing by reading", "GET /v1/queues/a/pause", "", refused);
    request("posting a queue", "POST /v1/queues", "", refused);
    request("posting to livez", "POST /livez", "", refused);
    request("patching the contract", "PATCH /openapi.yaml", "", refused);
    request("an invented method", "BREW /readyz", "", refused);
  }

  private void queries() {
    String job = "GET /v1/jobs/01900000-0000-7000-8000-000000000000";
    String refused = "400 malformed-query";
    request("an unknown parameter", job + "?wiat=1s", "", refused);
    request("a parameter where there are none", "GET /v1/queues?limit=1", "", refused);
    request("a parameter of a submit", "POST /v1/jobs?wait=1s", "", refused);
    request("a wait in words", job + "?wait=long", "", refused);
    request("a wait without a unit", job + "?wait=5", "", refused);
    request("a wait of 61 seconds", job + "?wait=61s", "", refused);
    request("a negative wait", job + "?wait=-PT1S", "", refused);
    request("two waits", job + "?wait=1s&wait=2s", "", refused);
    String list = "GET /v1/jobs?";
    request("a state that there is not", list + "state=FAILED", "", refused);
    request("a state in small letters", list + "state=dead", "", refused);
    request("no state", list + "state=", "", refused);
    request("a queue's name in capitals", list + "queue=Mail", "", refused);
    request("a type with a blank", list + "type=a%20b", "", refused);
    request("a tag without a value", list + "tag=customer", "", refused);
    request("a tag without a name", list + "tag=:c-7", "", refused);
    request("two values of a tag", list + "tag=a:1&tag=a:2", "", refused);
    request("an empty key", list + "key=", "", refused);
    request("a long key", list + "key=" + "k".repeat(257), "", refused);
    request("a long schedule", list + "schedule=" + "s".repeat(129), "", refused);
    request("a parent that is no id", list + "parent=seven", "", refused);
    request("a time without an offset", list + "createdAfter=2030-01-01T00:00:00", "", refused);
    request("a day for a time", list + "createdBefore=2030-01-01", "", refused);
    request("two queues", list + "queue=a&queue=b", "", refused);
    request("a page of none", list + "limit=0", "", refused);
    request("a page of 201", list + "limit=201", "", refused);
    request("a page of words", list + "limit=all", "", refused);
    request("a cursor that is none", list + "cursor=abc", "", refused);
    request("a filter that there is not", list + "colour=red", "", refused);
    request("a broken escape", job + "?wait=%zz", "", refused);
  }

  private void filters() {
    String refused = "403 foreign-origin";
    request("another site", "POST /v1/jobs", "Origin: https://evil.example", refused);
    request("another port", "POST /v1/jobs", "Origin: http://localhost:1", refused);
    request("no origin to speak of", "POST /v1/jobs", "Origin: null", refused);
    request("cross-site", "POST /v1/jobs", "Sec-Fetch-Site: cross-site", refused);
    request("another host", "GET /livez", "Host: evil.example", refused);
    request(
        "a host that only begins like one", "GET /livez", "Host: localhost.evil.example", refused);
  }

  private void notHttp() {
    request("a long path", "GET /v1/jobs/" + "a".repeat(9_000), "", "414 uri-too-long");
    request(
        "large headers", "GET /livez", "X-Large: " + "a".repeat(40_000), "431 headers-too-large");
    request("a header with a blank in its name", "GET /livez", "X Y: value", "400 bad-request");
    request("a request line of four words", "GET /livez now", "", "400 bad-request");
    cases.add(new Case("no host", "GET /livez", List.of("Host:"), "", "400 bad-request", ""));
    request("a broken path", "GET /v1/jobs/%zz", "", "400 bad-request");
  }
}
