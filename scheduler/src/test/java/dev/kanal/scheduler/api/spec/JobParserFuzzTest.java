package dev.kanal.scheduler.api.spec;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JobParserFuzzTest {
  private static final String[] DOCUMENTS = {
    "{\"type\":\"a\",\"payload\":{\"x\":[1,2.5e3,null,true],\"\u00fc\":\"\\ud83d\\ude00\"}}",
    "{\"type\":\"a.b\",\"queue\":\"q\",\"priority\":\"low\",\"delay\":\"5s\",\"timeout\":\"PT1M\"}",
    "{\"type\":\"a\",\"retry\":{\"maxAttempts\":3,\"backoff\":{\"initial\":\"1s\",\"multiplier\":2,"
        + "\"max\":\"5m\",\"jitter\":0.5}},\"retention\":{\"succeeded\":\"1d\",\"other\":\"2d\"}}",
    "{\"type\":\"a\",\"tags\":{\"n\":\"v\",\"m\":\"\"},\"deadline\":\"2040-01-01T00:00:00Z\"}",
  };

  private final JobParser parser =
      new JobParser(ApiNode.limits(), InstantSource.fixed(InMemoryShards.LOG_TIME));

  @Test
  void brokenDocumentsAreRefusedAndNeverThrow() {
    long seed = 7;
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = DOCUMENTS[random.nextInt(DOCUMENTS.length)].getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(4); i > 0; i--) {
        mutate(bytes, random);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
      JobParser.Parsed parsed =
          assertDoesNotThrow(() -> parser.parse(bytes, 0, length), () -> seed + ": " + text);
      if (parsed instanceof JobParser.Parsed.Job(var spec)) {
        accepted++;
        ApiNode.parse(spec.payload().toString());
      }
    }
    assertTrue(accepted > 10_000 && accepted < 90_000, "accepted: " + accepted);
  }

  @Test
  void aSliceIsReadAsIfItWereAlone() {
    byte[] padded = ("xx" + DOCUMENTS[0] + "yy").getBytes(StandardCharsets.UTF_8);
    byte[] alone = DOCUMENTS[0].getBytes(StandardCharsets.UTF_8);

    assertEquals(parser.parse(alone, 0, alone.length), parser.parse(padded, 2, alone.length));
  }

  private static void mutate(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> bytes[at] = (byte) random.nextInt();
      case 1 -> bytes[at] = (byte) "{}[]\",:0-9nulltrue\\".charAt(random.nextInt(19));
      default -> bytes[at] = bytes[random.nextInt(bytes.length)];
    }
  }
}
