package dev.kanal.common.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JsonBytes;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates in rows and entries. */
final class TemplateBytesTest {
  @Test
  void shouldKeepItsBytes() throws TemplateException {
    Template template =
        parse("{\"a\":{\"$from\":\"b\",\"at\":\"/c\",\"or\":1},\"d\":{\"$prev\":\"\"}}");

    assertEquals(
        "010a000a7b2261223a01010262042f6301023100" + "0a2c2264223a0105000000" + "00027d",
        HexFormat.of().formatHex(template.toBytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "02", "0102", "010203", "01020109", "010200027b00", "01020100000278"})
  void shouldRefuseBytesOfSomethingElse(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThrows(UnreadableException.class, () -> Template.fromBytes(bytes));
  }

  @Test
  void shouldRefuseBytesThatEndTooEarly() throws TemplateException {
    byte[] bytes = parse("[{\"$item\":\"/a\",\"or\":1},2]").toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] some = Arrays.copyOf(bytes, i);
      assertThrows(UnreadableException.class, () -> Template.fromBytes(some));
    }
  }

  private static Template parse(String json) throws TemplateException {
    return Template.parse(JsonBytes.of(json));
  }
}
