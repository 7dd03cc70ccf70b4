package dev.kanal.scheduler.api.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.scheduler.api.problem.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MergePatchTest {
  /** The examples of RFC 7396, appendix A, whose target is an object, and some more. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"b\"}            | {\"a\":\"c\"}                  | {\"a\":\"c\"}",
        "{\"a\":\"b\"}            | {\"b\":\"c\"}                  | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}            | {\"a\":null}                   | {}",
        "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null}                  | {\"b\":\"c\"}",
        "{\"a\":[\"b\"]}          | {\"a\":\"c\"}                  | {\"a\":\"c\"}",
        "{\"a\":\"c\"}            | {\"a\":[\"b\"]}                | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}    | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]}  | {\"a\":[1]}                    | {\"a\":[1]}",
        "{\"e\":null}             | {\"a\":1}                      | {\"e\":null,\"a\":1}",
        "{\"a\":\"foo\"}          | {\"a\":{\"b\":null}}           | {\"a\":{}}",
        "{}                       | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
        "{\"a\":1}                | {}                             | {\"a\":1}",
        "{ \"a\" : 1.10 , \"b\":{\"c\" : 3889108265204450030}} | {\"b\":{\"d\":1E5}} |"
            + " {\"a\":1.10,\"b\":{\"c\":3889108265204450030,\"d\":1E5}}",
        "{\"p\":{\"x\": [ 1,  -0 ]}} | {\"q\":1}                   | {\"p\":{\"x\": [ 1,  -0"
            + " ]},\"q\":1}",
        "{\"\\u0061\":1}          | {\"a\":2}                      | {\"a\":2}",
      })
  void shouldMergeAsTheRfcSays(String target, String patch, String expected) throws Exception {
    byte[] merged = MergePatch.apply(target.getBytes(UTF_8), patch.getBytes(UTF_8), List.of());

    assertEquals(expected, new String(merged, UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"[1]", "null", "7", "\"text\""})
  void shouldRefuseWhatIsNoObject(String patch) {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> MergePatch.apply("{}".getBytes(UTF_8), patch.getBytes(UTF_8), List.of()));

    assertEquals("Expected an object, but got another value", refused.problem().detail());
  }

  @Test
  void shouldLeaveOutWhatCannotBeSet() throws Exception {
    byte[] target = "{\"name\":\"x\",\"weight\":1,\"revision\":7}".getBytes(UTF_8);

    byte[] merged = MergePatch.apply(target, "{}".getBytes(UTF_8), List.of("name", "revision"));

    assertEquals("{\"weight\":1}", new String(merged, UTF_8));
  }
}
