package dev.kanal.scheduler.api.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineReaderTest {
  @Test
  void linesAreTheSame_howeverTheInputIsCut() {
    String input =
        "a\n\nbb\r\n\r\n" + "c".repeat(9) + "\nd" + "e".repeat(10) + "\r\n \t\nf\rg\n\rh";
    List<String> whole = read(input, 1_000);

    assertEquals(
        List.of(
            "1:a",
            "2:",
            "3:bb",
            "4:",
            "5:" + "c".repeat(9),
            "6:too long",
            "7: \t",
            "8:f\rg",
            "9:\rh"),
        whole);
    for (int cut = 1; cut < input.length(); cut++) {
      assertEquals(whole, read(input, cut), "chunks of " + cut);
    }
  }

  @Test
  void randomLinesAreTheSameAsSplit() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      StringBuilder input = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        input.append("ab\n\r".charAt(random.nextInt(4)));
      }
      List<String> expected = new ArrayList<>();
      String[] lines = input.toString().split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        String line =
            lines[i].endsWith("\r") ? lines[i].substring(0, lines[i].length() - 1) : lines[i];
        if (i < lines.length - 1 || !lines[i].isEmpty()) {
          expected.add((i + 1) + ":" + (line.length() > 9 ? "too long" : line));
        }
      }
      assertEquals(expected, read(input.toString(), 1 + random.nextInt(20)), "seed " + seed);
    }
  }

  private static List<String> read(String input, int chunk) {
    byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
    LineReader reader = new LineReader(9);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += chunk) {
      reader.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk)));
      while (reader.next()) {
        lines.add(describe(reader));
      }
    }
    if (reader.last()) {
      lines.add(describe(reader));
    }
    return lines;
  }

  private static String describe(LineReader reader) {
    return reader.number()
        + ":"
        + (reader.tooLong()
            ? "too long"
            : new String(
                reader.bytes(), reader.from(), reader.length(), StandardCharsets.ISO_8859_1));
  }
}
