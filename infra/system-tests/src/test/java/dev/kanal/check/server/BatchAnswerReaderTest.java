package dev.kanal.check.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kanal.check.server.BatchLine.Accepted;
import dev.kanal.check.server.BatchLine.Refused;
import dev.kanal.check.server.BatchLine.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class BatchAnswerReaderTest {
  private static final String LINE_1 = "{\"line\":1,\"id\":\"a\"}\n";
  private static final String LINE_2 = "{\"line\":2,\"id\":\"ö\"}\n";

  /** Gives its bytes one at a time, then ends or breaks. */
  private static final class SlowStream extends InputStream {
    private final ByteArrayInputStream bytes;
    private final boolean breaks;

    SlowStream(String text, boolean breaks) {
      this.bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
      this.breaks = breaks;
    }

    @Override
    public int read() throws IOException {
      int next = bytes.read();
      if (next < 0 && breaks) {
        throw new IOException("closed");
      }
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int next = read();
      if (next < 0) {
        return -1;
      }
      buffer[offset] = (byte) next;
      return 1;
    }
  }

  static Stream<Arguments> wholeAnswers() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of(LINE_1 + LINE_2, List.of(new Accepted(1, "a"), new Accepted(2, "ö"))),
        Arguments.of(
            LINE_1 + "{\"line\":2,\"id\":\"b\"}", List.of(accepted1(), new Accepted(2, "b"))),
        Arguments.of(
            "{\"line\":1,\"type\":\"urn:kanal:problem:x\",\"status\":422,\"detail\":\"no\"}\r\n",
            List.of(new Refused(1, 422, "urn:kanal:problem:x", "no"))),
        Arguments.of("no JSON\n", List.of(new Unreadable("no JSON"))),
        Arguments.of("{\"id\":\"a\"}\n", List.of(new Unreadable("{\"id\":\"a\"}"))),
        Arguments.of("{\"line\":1,\"id\":7}\n", List.of(new Unreadable("{\"line\":1,\"id\":7}"))),
        Arguments.of("{\"line\":1}\n", List.of(new Unreadable("{\"line\":1}"))));
  }

  @ParameterizedTest
  @MethodSource("wholeAnswers")
  void shouldReadEachLine_whenTheAnswerCameWhole(String answer, List<BatchLine> expected) {
    BatchAnswer.Lines read = read(answer, false);

    assertEquals(expected, read.lines());
    assertNull(read.brokenOff());
  }

  @ParameterizedTest
  @MethodSource("brokenAnswers")
  void shouldKeepOnlyWholeLines_whenTheAnswerBreaksOff(String answer, List<BatchLine> expected) {
    BatchAnswer.Lines read = read(answer, true);

    assertEquals(expected, read.lines());
    assertNotNull(read.brokenOff());
  }

  static Stream<Arguments> brokenAnswers() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of("{\"line\":1,\"id\"", List.of()),
        Arguments.of("{\"line\":1,\"id\":\"a\"}", List.of()),
        Arguments.of(LINE_1, List.of(accepted1())),
        Arguments.of(LINE_1 + "{\"line\":2,\"id\":\"0198", List.of(accepted1())));
  }

  @Test
  void shouldBreakOff_whenALineHasNoEnd() {
    String endless = "x".repeat(BatchAnswerReader.LONGEST_LINE_BYTES + 1);

    BatchAnswer.Lines read =
        new BatchAnswerReader(new ObjectMapper())
            .read(new ByteArrayInputStream((LINE_1 + endless).getBytes(StandardCharsets.UTF_8)));

    assertEquals(List.of(accepted1()), read.lines());
    assertTrue(String.valueOf(read.brokenOff()).contains("line 2 is longer"), read.brokenOff());
  }

  private static Accepted accepted1() {
    return new Accepted(1, "a");
  }

  private static BatchAnswer.Lines read(String answer, boolean breaks) {
    return new BatchAnswerReader(new ObjectMapper()).read(new SlowStream(answer, breaks));
  }
}
