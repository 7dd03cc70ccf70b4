package dev.kanal.check.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SumJobsTest {
  private final ObjectMapper json = new ObjectMapper();
  private final SumJobs jobs = new SumJobs(1_000, 42, "check", "run-1");

  @Test
  void shouldKnowTheSumOfWhatItSubmits() throws IOException {
    for (int i = 0; i < jobs.size(); i++) {
      JsonNode data = json.readTree(jobs.line(i)).at("/payload/data");
      long sum = 0;
      for (JsonNode number : data) {
        sum += number.asLong();
      }

      JsonNode right = json.createObjectNode().put("sum", sum).put("count", data.size());
      JsonNode wrong = json.createObjectNode().put("sum", sum + 1).put("count", data.size());
      assertTrue(jobs.wrong(i, right).isEmpty(), () -> "Expected " + right);
      assertTrue(jobs.wrong(i, wrong).isPresent(), () -> "Expected " + right);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "[]",
        "{'sum':SUM}",
        "{'sum':'SUM','count':COUNT}",
        "{'sum':SUM.0,'count':COUNT}",
        "{'sum':SUM,'count':COUNT,'more':1}"
      })
  void shouldCallAnAnswerWrong_whenItIsNotExactlyTheSumAndTheCount(String answer)
      throws IOException {
    JsonNode data = json.readTree(jobs.line(0)).at("/payload/data");
    long sum = 0;
    for (JsonNode number : data) {
      sum += number.asLong();
    }
    String text =
        answer
            .replace('\'', '"')
            .replace("SUM", String.valueOf(sum))
            .replace("COUNT", String.valueOf(data.size()));

    assertFalse(jobs.wrong(0, json.readTree(text)).isEmpty(), text);
  }

  @Test
  void shouldMakeTheSameJobsAgain_whenTheSeedIsTheSame() {
    SumJobs same = new SumJobs(1_000, 42, "check", "run-1");
    SumJobs other = new SumJobs(1_000, 43, "check", "run-1");

    assertEquals(text(jobs, 5), text(same, 5));
    assertNotEquals(text(jobs, 5), text(other, 5));
    assertNotEquals(text(jobs, 5), text(jobs, 6));
  }

  @Test
  void shouldTagEachJobWithTheRun() throws IOException {
    JsonNode job = json.readTree(jobs.line(0));

    assertEquals("run-1", job.at("/tags/run").asText());
    assertEquals("check", job.path("queue").asText());
    assertTrue(text(jobs, 0).endsWith("}\n"));
  }

  private static String text(SumJobs jobs, int index) {
    return new String(jobs.line(index), StandardCharsets.UTF_8);
  }
}
