package dev.kanal.check.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls that are repeated until they are answered, with the answer as JSON. Usable from any thread.
 */
public final class Api {
  private final ObjectMapper json = new ObjectMapper();
  private final Servers servers;

  public Api(Servers servers) {
    this.servers = servers;
  }

  /**
   * An answer.
   *
   * @param body a missing node if it is no JSON
   */
  public record Reply(String call, int status, JsonNode body) {
    /**
     * @throws CheckStopped unless it is a success
     */
    public JsonNode expectSuccess() {
      if (status / 100 != 2) {
        throw new CheckStopped(
            "Expected %s to succeed, but it is answered %d: %s"
                .formatted(call, status, Texts.shorten(body.toString())));
      }
      return body;
    }
  }

  public Reply get(String path) throws InterruptedException {
    return call("GET", path, null);
  }

  public Reply post(String path, @Nullable JsonNode body) throws InterruptedException {
    return call("POST", path, body);
  }

  /**
   * @throws CheckStopped if there is no answer before the run is over
   */
  public Reply call(String method, String path, @Nullable JsonNode body)
      throws InterruptedException {
    String text = body == null ? null : body.toString();
    Answer answer = servers.ask(client -> client.call(method, path, text, Map.of()));
    return switch (answer) {
      case Answer.Got got -> new Reply(method + " " + path, got.status(), parse(got.body()));
      case Answer.Away away ->
          throw new CheckStopped(
              "Expected an answer to %s %s, but: %s".formatted(method, path, away.why()));
    };
  }

  private JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }
}
