package dev.kanal.process.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A running Kanal, known by its address alone. Usable from any thread. */
public record Server(String url) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUM_OF_THREE = "{\"type\":\"sum\",\"payload\":{\"data\":[1,2,3]}}";

  /** What came back. */
  public record Answer(int status, String body, Optional<String> retryAfter) {
    public JsonNode json() {
      return Server.json(body);
    }

    /** Fails unless it has this status. */
    public Answer expecting(int wanted) {
      if (status != wanted) {
        throw new AssertionError("Expected status " + wanted + ", but got " + this);
      }
      return this;
    }

    public boolean isSumOfThree() {
      return json().path("state").asText().equals("SUCCEEDED")
          && json().path("result").equals(Server.json("{\"sum\":6,\"count\":3}"));
    }
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("Expected JSON, but got " + text, e);
    }
  }

  /** The address in a line that a program printed. */
  public static Server in(String line) {
    return new Server(line.substring(line.indexOf("http://")).strip());
  }

  public int port() {
    return URI.create(url).getPort();
  }

  public Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Without a body. */
  public Answer post(String path) throws IOException, InterruptedException {
    return send(request(path).POST(BodyPublishers.noBody()));
  }

  /** With JSON. */
  public Answer post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  public Answer put(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  public Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  /** Asks for a job, and waits for its end. */
  public Answer await(String id, Duration atMost) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id + "?wait=" + atMost.toSeconds() + "s");
  }

  /** Polls until a job is in a state; returns the state it is in when the time is up. */
  public String awaitState(String id, String state, Duration atMost)
      throws IOException, InterruptedException {
    Await await = new Await(atMost);
    String found;
    do {
      found = get("/v1/jobs/" + id).json().path("state").asText();
    } while (!found.equals(state) && await.again());
    return found;
  }

  public Answer submit(String job) throws IOException, InterruptedException {
    return send(submission(job));
  }

  /** With more headers. */
  public Answer submit(String job, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = submission(job);
    headers.forEach(request::header);
    return send(request);
  }

  public Answer submitSum() throws IOException, InterruptedException {
    return submit(SUM_OF_THREE);
  }

  public Answer submitSumAndWait() throws IOException, InterruptedException {
    return send(submission(SUM_OF_THREE).header("Prefer", "wait=30"));
  }

  /** The lines of a bulk answer, as they come. */
  public Stream<String> bulk(List<String> jobs) throws IOException, InterruptedException {
    HttpRequest request =
        request("/v1/jobs/bulk")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(String.join("\n", jobs) + "\n"))
            .build();
    return CLIENT.send(request, BodyHandlers.ofLines()).body();
  }

  private HttpRequest.Builder submission(String job) {
    return request("/v1/jobs")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(job));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE.plusSeconds(10));
  }

  private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
    return new Answer(
        response.statusCode(), response.body(), response.headers().firstValue("Retry-After"));
  }
}
