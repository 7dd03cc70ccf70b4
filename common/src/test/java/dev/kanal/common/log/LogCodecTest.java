package dev.kanal.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.log.LogEntry.TypesHandled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class LogCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  /** The bytes that version 1 wrote: these lines are never changed. */
  @TestFactory
  Iterable<DynamicTest> shouldReadTheBytesOfVersion1() throws IOException {
    Map<String, String> golden = golden("log-v1.txt");
    Map<String, LogEntry> samples = Samples.version1();
    assertEquals(samples.keySet(), golden.keySet());
    return tests(samples, golden, (_, _) -> {});
  }

  /** The bytes of this version: these lines are never changed, only added to. */
  @TestFactory
  Iterable<DynamicTest> shouldReadAndWriteTheBytesOfVersion2() throws IOException {
    Map<String, String> golden = golden("log-v2.txt");
    Map<String, LogEntry> samples = Samples.all();
    assertEquals(samples.keySet(), golden.keySet(), () -> "now: " + encoded(samples));
    return tests(
        samples, golden, (entry, hex) -> assertEquals(hex, HEX.formatHex(LogCodec.encode(entry))));
  }

  private static List<DynamicTest> tests(
      Map<String, LogEntry> samples,
      Map<String, String> golden,
      BiConsumer<LogEntry, String> also) {
    return samples.entrySet().stream()
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    sample.getKey(),
                    () -> {
                      String hex = golden.getOrDefault(sample.getKey(), "");
                      assertEquals(sample.getValue(), LogCodec.decode(HEX.parseHex(hex)));
                      also.accept(sample.getValue(), hex);
                    }))
        .toList();
  }

  @Test
  void shouldRefuseBytesThatEndEarly_atEveryLength() {
    for (LogEntry entry : Samples.all().values()) {
      byte[] whole = LogCodec.encode(entry);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThrows(UnreadableException.class, () -> LogCodec.decode(cut));
      }
      byte[] longer = Arrays.copyOf(whole, whole.length + 1);
      assertThrows(UnreadableException.class, () -> LogCodec.decode(longer));
    }
  }

  @Test
  void shouldRefuseAnythingElseWithTheSameException() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = (byte) (1 + random.nextInt(LogCodec.VERSION));
        bytes[1] = (byte) (1 + random.nextInt(64));
      }
      try {
        LogCodec.decode(bytes);
      } catch (UnreadableException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("Expected"), e.getMessage());
      }
    }
  }

  @Test
  void shouldTakeAsManyTypesAsTheBound_andNoMore() {
    List<String> most = IntStream.range(0, TypesHandled.MAX).mapToObj(i -> "t" + i).toList();
    TypesHandled full = new TypesHandled("emails", most);
    assertEquals(full, LogCodec.decode(LogCodec.encode(full)));
    List<String> more = IntStream.rangeClosed(0, TypesHandled.MAX).mapToObj(i -> "t" + i).toList();
    assertThrows(IllegalArgumentException.class, () -> new TypesHandled("emails", more));
  }

  @Test
  void shouldRefuseALaterVersion() {
    byte[] later = LogCodec.encode(new LogEntry.Tick());
    later[0] = LogCodec.VERSION + 1;
    assertThrows(UnreadableException.class, () -> LogCodec.decode(later));
  }

  private static Map<String, String> golden(String file) throws IOException {
    try (InputStream in = LogCodecTest.class.getResourceAsStream("/golden/" + file)) {
      assertTrue(in != null, "the golden file is there");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
  }

  private static String encoded(Map<String, LogEntry> samples) {
    return samples.entrySet().stream()
        .map(each -> each.getKey() + " " + HEX.formatHex(LogCodec.encode(each.getValue())))
        .collect(Collectors.joining("\n", "\n", "\n"));
  }
}
