package dev.kanal.common.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.JsonBytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PointerTest {
  /** The example of RFC 6901, section 5. */
  private static final JsonBytes EXAMPLE =
      JsonBytes.of(
          """
          {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\\\j": 5,
           "k\\"l": 6, " ": 7, "m~n": 8, "deep": [{"x": [1, 23 ]}, {} ]}""");

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\'',
      value = {
        "/foo>[\"bar\", \"baz\"]",
        "/foo/0>\"bar\"",
        "/>0",
        "/a~1b>1",
        "/c%d>2",
        "/e^f>3",
        "/g|h>4",
        "/i\\j>5",
        "/k\"l>6",
        "'/ '>7",
        "/m~0n>8",
        "/deep/0/x/1>23",
        "/deep/0/x>[1, 23 ]",
        "/deep/1>{}",
        "/foo/2>-",
        "/foo/-1>-",
        "/foo/->-",
        "/foo/00>-",
        "/foo/4294967296>-",
        "/foo/bar>-",
        "/foo/0/x>-",
        "/nothing>-"
      })
  void shouldFindWhatItPointsAt(String pointer, String expected) {
    assertEquals(expected, find(Pointer.parse(pointer), EXAMPLE));
  }

  @Test
  void shouldMeanTheWholeDocument_whenEmpty() {
    assertEquals(Pointer.WHOLE, Pointer.parse(""));
    assertEquals(EXAMPLE.toString(), find(Pointer.WHOLE, EXAMPLE));
    assertEquals("12", find(Pointer.WHOLE, JsonBytes.of(" 12 ")));
    assertEquals("12", find(Pointer.WHOLE, JsonBytes.of("12")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a~1b/~0/0", "//x"})
  void shouldBeWrittenAsItWasRead(String text) {
    assertEquals(text, Pointer.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "/~", "/~2", "/a~", "/~/0"})
  void shouldBeRefused_whenItIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> Pointer.parse(text));
  }

  @Test
  void shouldBeBounded() {
    assertEquals(Pointer.TOKENS_MAX, Pointer.parse("/a".repeat(100)).tokens().size());
    assertThrows(IllegalArgumentException.class, () -> Pointer.parse("/a".repeat(101)));
    assertEquals(1, Pointer.parse("/" + "a".repeat(999)).tokens().size());
    assertThrows(IllegalArgumentException.class, () -> Pointer.parse("/" + "a".repeat(1_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "[1,]", "1 2", "{\"a\":1,\"a\":2}", "\ufeff1", "\u00001", "1\u0000"})
  void shouldFindNothing_whenTheDocumentCannotBeRead(String document) {
    assertEquals("-", find(Pointer.WHOLE, JsonBytes.of(document)));
  }

  @Test
  void shouldFindNothing_whenTheDocumentIsNestedTooDeep() {
    int most = PointerTree.DEPTH_MAX;
    String deep = "[".repeat(most) + "]".repeat(most);
    assertEquals(deep, find(Pointer.WHOLE, JsonBytes.of(deep)));
    assertEquals("-", find(Pointer.WHOLE, JsonBytes.of("[" + deep + "]")));
    String endless = "[".repeat(200_000);
    assertEquals("-", find(Pointer.WHOLE, JsonBytes.of(endless)));
  }

  private static String find(Pointer pointer, JsonBytes document) {
    PointerTree.Found found = new PointerTree(List.of(pointer)).find(document);
    if (!found.has(0)) {
      return "-";
    }
    Bytes out = new Bytes();
    found.copyTo(out, 0);
    return out.take().toString();
  }
}
