package dev.kanal.scheduler.api.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Utf8Test {
  @Test
  void isAsStrictAsTheJdk_forEverySequenceOfThree_andAtTheEnd() {
    byte[] three = new byte[3];
    for (int lead = 0x7E; lead < 0x100; lead++) {
      for (int second = 0; second < 0x100; second += 3) {
        for (int third = 0; third < 0x100; third += 15) {
          three[0] = (byte) lead;
          three[1] = (byte) second;
          three[2] = (byte) third;
          assertSame(three);
        }
      }
    }
  }

  @Test
  void isAsStrictAsTheJdk_forRandomText() {
    long seed = 42;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = text(random).getBytes(StandardCharsets.UTF_8);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertSame(bytes);
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 0x80 + random.nextInt(0x700);
            case 1 -> 0x800 + random.nextInt(0xC000);
            case 2 -> 0x10000 + random.nextInt(0x100000);
            default -> 1 + random.nextInt(0x7E);
          });
    }
    return text.toString();
  }

  private static void assertSame(byte[] bytes) {
    boolean strict;
    try {
      strict =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes))
              .chars()
              .noneMatch(c -> c == 0);
    } catch (CharacterCodingException e) {
      strict = false;
    }
    byte[] shifted = new byte[bytes.length + 2];
    System.arraycopy(bytes, 0, shifted, 1, bytes.length);
    assertEquals(
        strict, Utf8.firstBad(shifted, 1, bytes.length) < 0, () -> HexFormat.of().formatHex(bytes));
  }
}
