package dev.kanal.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The jobs of a {@link FakeKanal}; each is done the moment it is accepted. */
final class FakeJobs {
  private final ObjectMapper json = new ObjectMapper();
  private final FakeFaults faults;
  private final Consumer<String> onFinished;
  private final AtomicInteger lines = new AtomicInteger();
  private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();

  FakeJobs(FakeFaults faults, Consumer<String> onFinished) {
    this.faults = faults;
    this.onFinished = onFinished;
  }

  /** The answer to one job: with an id, or a problem. */
  ObjectNode accept(String line) throws IOException {
    int number = lines.incrementAndGet();
    if (number == faults.refuses()) {
      return json.createObjectNode()
          .put("type", "urn:kanal:problem:invalid")
          .put("status", 422)
          .put("detail", "Expected a better job");
    }
    String id = UUID.randomUUID().toString();
    ObjectNode job = run(number, json.readTree(line)).put("id", id);
    if (number != faults.forgets()) {
      jobs.put(id, job);
    }
    onFinished.accept(id);
    return json.createObjectNode().put("id", id);
  }

  /** The job as JSON; null if it is unknown. */
  @Nullable String find(String id) {
    ObjectNode job = jobs.get(id);
    return job == null ? null : job.toString();
  }

  int count() {
    return jobs.size();
  }

  private ObjectNode run(int number, JsonNode submitted) throws IOException {
    ObjectNode job = json.createObjectNode().put("attempt", 1);
    if (number == faults.neverEnds()) {
      return job.put("state", "QUEUED");
    }
    if (number == faults.kills()) {
      return job.put("state", "DEAD").put("reason", "attempts-exhausted");
    }
    JsonNode payload = submitted.path("payload");
    JsonNode result =
        switch (submitted.path("type").asText()) {
          case "sum" -> sum(payload.path("data"), number == faults.sumsWrongly() ? 1 : 0);
          case "http" -> fetch(payload.path("url").asText());
          default -> payload;
        };
    job.put("state", "SUCCEEDED").set("result", result);
    return job;
  }

  private JsonNode sum(JsonNode data, long error) {
    long sum = error;
    for (JsonNode number : data) {
      sum += number.asLong();
    }
    return json.createObjectNode().put("sum", sum).put("count", data.size());
  }

  private JsonNode fetch(String url) throws IOException {
    byte[] bytes;
    try (InputStream in = URI.create(url).toURL().openStream()) {
      bytes = in.readAllBytes();
    }
    ObjectNode result = json.createObjectNode().put("status", 200);
    result.putObject("headers").put("content-type", "application/octet-stream");
    try {
      result.put(
          "body", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      result.putObject("body").put("base64", Base64.getEncoder().encodeToString(bytes));
    }
    return result;
  }
}
