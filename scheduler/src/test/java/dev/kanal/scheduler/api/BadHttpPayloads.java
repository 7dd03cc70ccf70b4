package dev.kanal.scheduler.api;

import java.util.ArrayList;
import java.util.List;

/** Jobs of type {@code http} whose payload could not be called, or not as it stands. */
final class BadHttpPayloads {
  private final List<BadRequests.Case> cases = new ArrayList<>();

  private BadHttpPayloads() {}

  static List<BadRequests.Case> all() {
    BadHttpPayloads table = new BadHttpPayloads();
    table.httpPayloads();
    return List.copyOf(table.cases);
  }

  private void http(String name, String payload, String pointer) {
    String job = "{\"type\":\"http\",\"payload\":" + payload + "}";
    cases.add(
        new BadRequests.Case(
            name, "POST /v1/jobs", List.of(BadRequests.JSON), job, BadRequests.INVALID, pointer));
  }

  private void httpPayloads() {
    http("http without a payload", "null", "/payload");
    http("http without a url", "{}", "/payload/url");
    http("http to a port that there is not", target("http://a:99999/"), "/payload/url");
    http("http to another scheme", target("ftp://a/"), "/payload/url");
    http("http with a user", target("http://u:p@a/"), "/payload/url");
    http("http header beyond ASCII", header("J\u00c3\u00bcrgen"), "/payload/headers/X-Name");
    http("http header by an escape", header("caf\\u00e9"), "/payload/headers/X-Name");
    http("http header of two lines", header("a\\r\\nb: c"), "/payload/headers/X-Name");
    http(
        "http header of null",
        "{\"url\":\"http://a\",\"headers\":{\"X-Name\":null}}",
        "/payload/headers/X-Name");
    http(
        "http body of half a pair", "{\"url\":\"http://a\",\"body\":\"\\ud83d\"}", "/payload/body");
  }

  private static String target(String url) {
    return "{\"url\":\"" + url + "\"}";
  }

  private static String header(String value) {
    return "{\"url\":\"http://a\",\"headers\":{\"X-Name\":\"" + value + "\"}}";
  }
}
