package dev.kanal.check.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kanal.check.load.JobSource;
import dev.kanal.check.server.Texts;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/** Lists of whole numbers, a function of the seed, and their sums. */
final class SumJobs implements JobSource {
  static final int MOST_NUMBERS = 20;
  private static final long GREATEST = 1_000_000_000L;

  private final ObjectMapper json = new ObjectMapper();
  private final int size;
  private final long seed;
  private final String queue;
  private final String run;

  SumJobs(int size, long seed, String queue, String run) {
    this.size = size;
    this.seed = seed;
    this.queue = queue;
    this.run = run;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public byte[] line(int index) {
    ObjectNode job = json.createObjectNode().put("type", "sum").put("queue", queue);
    ArrayNode data = job.putObject("payload").putArray("data");
    for (long number : numbers(index)) {
      data.add(number);
    }
    job.putObject("tags").put("run", run);
    try {
      return (json.writeValueAsString(job) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Expected job " + index + " to be JSON, but it is not", e);
    }
  }

  @Override
  public Optional<String> wrong(int index, JsonNode result) {
    long[] numbers = numbers(index);
    long sum = Arrays.stream(numbers).sum();
    boolean right =
        result.size() == 2
            && is(result.path("sum"), sum)
            && is(result.path("count"), numbers.length);
    return right
        ? Optional.empty()
        : Optional.of(
            "Expected {\"sum\":%d,\"count\":%d}, but got %s"
                .formatted(sum, numbers.length, Texts.shorten(result.toString())));
  }

  private long[] numbers(int index) {
    SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
    return random.longs(random.nextInt(MOST_NUMBERS + 1), -GREATEST, GREATEST).toArray();
  }

  private static boolean is(JsonNode node, long expected) {
    return node.isIntegralNumber() && node.bigIntegerValue().equals(BigInteger.valueOf(expected));
  }
}
