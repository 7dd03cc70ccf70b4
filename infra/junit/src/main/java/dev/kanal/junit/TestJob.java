package dev.kanal.junit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.common.job.JobState;
import dev.kanal.worker.run.Json;
import java.util.Optional;

/**
 * A job as it was when it was read.
 *
 * @param json the answer of {@code GET /v1/jobs/{id}}
 */
public record TestJob(String id, JobState state, String json) {
  /** Reads what handlers return as workers read payloads, and no more leniently. */
  private static final ObjectMapper MAPPER = Json.DEFAULT.mapper();

  static TestJob read(String json) {
    JsonNode tree = tree(json);
    return new TestJob(
        tree.path("id").asText(), JobState.valueOf(tree.path("state").asText()), json);
  }

  /** Whether its state is final. */
  public boolean isFinal() {
    return state.isFinal();
  }

  /** The number of the attempt sent last; 0 before the first. */
  public int attempt() {
    return tree(json).path("attempt").asInt();
  }

  /**
   * What its handler returned.
   *
   * @throws IllegalStateException if it has not succeeded, with all that is known about it
   * @param type read as strictly as a worker reads payloads: a text is no number, for one
   * @throws IllegalArgumentException if it cannot be read as this, with the place
   */
  public <T> T result(Class<T> type) {
    if (state != JobState.SUCCEEDED) {
      throw new IllegalStateException("Expected a job that has succeeded, but got " + json);
    }
    return MAPPER.convertValue(tree(json).path("result"), type);
  }

  /** What went wrong with the newest attempt, if anything did. */
  public Optional<String> error() {
    JsonNode attempts = tree(json).path("attempts");
    JsonNode message = attempts.path(attempts.size() - 1).at("/error/message");
    return message.isTextual() ? Optional.of(message.asText()) : Optional.empty();
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Expected a job as JSON, but got " + json, e);
    }
  }
}
