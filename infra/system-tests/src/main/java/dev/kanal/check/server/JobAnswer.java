package dev.kanal.check.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;

/** The server's answer about one job. */
public sealed interface JobAnswer {
  Set<String> FINAL_STATES = Set.of("SUCCEEDED", "DEAD", "CANCELLED", "EXPIRED");

  /**
   * @param result missing node until there is one
   * @param reason of a final state; empty if it has none
   * @param worker of the last attempt; empty if there is none
   */
  record Job(String state, JsonNode result, String reason, String worker) implements JobAnswer {
    public boolean isFinal() {
      return FINAL_STATES.contains(state);
    }
  }

  /** 404. */
  record Missing() implements JobAnswer {}

  record Away(Answer.Away cause) implements JobAnswer {}

  /** Anything that is not in the contract, shortened for a person. */
  record Unexpected(String what) implements JobAnswer {}

  /** Reads an answer to {@code GET /v1/jobs/{id}}. */
  static JobAnswer of(String id, Answer answer, ObjectMapper json) {
    return switch (answer) {
      case Answer.Away away -> new Away(away);
      case Answer.Got got when got.status() == 404 -> new Missing();
      case Answer.Got got when got.status() == 200 -> read(id, got.body(), json);
      case Answer.Got got ->
          new Unexpected("status " + got.status() + ": " + Texts.shorten(got.body()));
    };
  }

  private static JobAnswer read(String id, String body, ObjectMapper json) {
    try {
      JsonNode job = json.readTree(body);
      if (!id.equals(job.path("id").asText())) {
        return new Unexpected("another job: " + Texts.shorten(body));
      }
      if (!job.path("state").isTextual()) {
        return new Unexpected("no state: " + Texts.shorten(body));
      }
      JsonNode attempts = job.path("attempts");
      return new Job(
          job.path("state").asText(),
          job.path("result"),
          job.path("reason").asText(""),
          attempts.path(attempts.size() - 1).path("worker").asText(""));
    } catch (JsonProcessingException e) {
      return new Unexpected("no JSON: " + Texts.shorten(body));
    }
  }
}
