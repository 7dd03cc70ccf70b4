package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BadRequestTableTest {
  @Test
  void eachIsRefusedAsTheTableSays_andNothingAcceptedIsAffected() throws IOException {
    List<BadRequests.Case> cases = BadRequests.all();
    assertTrue(cases.size() >= 60, "cases: " + cases.size());
    Map<String, Integer> accepted = new HashMap<>();
    StringBuilder wrong = new StringBuilder();
    try (ApiNode node = new ApiNode()) {
      for (BadRequests.Case each : cases) {
        String answer = answer(node, each);
        if (!answer.equals(expected(each))) {
          wrong.append('\n').append(each.name()).append(": ").append(answer);
          wrong.append(" instead of ").append(expected(each));
        }
        accepted.put(submitGood(node, accepted.size()), accepted.size());
      }
      assertEquals("", wrong.toString());
      assertEquals(accepted.size(), node.shards.jobs.size(), "jobs");
      accepted.forEach((id, n) -> assertGood(node, id, n));
    }
  }

  private static String answer(ApiNode node, BadRequests.Case each) throws IOException {
    try (RawHttp http = new RawHttp(node.uri("/"))) {
      http.send(each.wire().getBytes(StandardCharsets.ISO_8859_1));
      RawHttp.Reply reply = http.read();
      if (!"application/problem+json".equals(reply.header("Content-Type"))) {
        return reply.status() + " as " + reply.header("Content-Type");
      }
      JsonNode problem = ApiNode.parse(reply.body());
      boolean allow = reply.status() != 405 || !reply.header("Allow").isEmpty();
      boolean complete =
          problem.get("status").asInt() == reply.status()
              && problem.get("title").isTextual()
              && problem.get("detail").asText().length() > 10;
      return reply.status()
          + " "
          + problem.get("type").asText().replace("urn:kanal:problem:", "")
          + " at "
          + problem.at("/errors/0/pointer").asText()
          + (complete && allow ? "" : ", but incomplete: " + reply);
    } catch (IOException e) {
      return "no answer: " + e;
    }
  }

  private static String expected(BadRequests.Case each) {
    return each.answer() + " at " + each.pointer();
  }

  private static String submitGood(ApiNode node, int n) {
    HttpResponse<byte[]> response =
        node.submit("{\"type\":\"good\",\"payload\":{\"n\":" + n + "}}");
    assertEquals(202, response.statusCode());
    return ApiNode.json(response).get("id").asText();
  }

  private static void assertGood(ApiNode node, String id, int n) {
    HttpResponse<byte[]> response = node.get("/v1/jobs/" + id);
    assertEquals(200, response.statusCode());
    assertEquals(n, ApiNode.json(response).at("/payload/n").asInt());
    assertEquals("good", ApiNode.json(response).get("type").asText());
  }
}
