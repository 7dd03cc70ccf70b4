package dev.kanal.scheduler.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailureRuleTest {
  /** The rule as one expression, as it was first written: rows hold what it made. */
  private static final Pattern RULE =
      Pattern.compile(
          "(?<uuid>\\b\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b)"
              + "|(?<time>\\b\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}"
              + "(?::\\d{2}(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d{2}:?\\d{2})?)"
              + "|(?<hex>\\b0[xX]\\p{XDigit}+|(?<=@)\\p{XDigit}{4,16}\\b"
              + "|\\b(?=[a-fA-F]*\\d)(?=\\d*[a-fA-F])\\p{XDigit}{8,}\\b)"
              + "|(?<quoted>\"[^\"]*\"|`[^`]*`|(?<![\\p{L}\\d])'[^']*'(?![\\p{L}\\d]))"
              + "|(?<number>\\d++(?:[.,]\\d++)*+(?!xx))"
              + "|(?<space>[\\s\\p{Cntrl}]+)");

  private static final Map<String, String> INSTEAD =
      Map.of("uuid", "<uuid>", "time", "<time>", "hex", "<hex>", "quoted", "'…'", "number", "#");

  private static final String UUID = "0190c1f2-7b3a-7c4d-8e5f-0123456789ab";

  /** What messages are made of. */
  private static final List<String> PARTS =
      List.of(
          "a",
          "F",
          "x",
          "xx",
          "ü",
          "😀",
          "e\u0301",
          "_",
          "@",
          "0x",
          "7",
          "12",
          "2030-01-31",
          "T",
          " ",
          "\n",
          "\u007f",
          "\u00a0",
          "12:00",
          ":30.5",
          "Z",
          "+01:00",
          "-",
          ".",
          ",",
          "'",
          "\"",
          "`",
          "dead",
          "beef01",
          "1b6d3586",
          UUID,
          "cafe",
          "Expected",
          "٣");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "it failed | it failed",
        "Expected 2xx, but got 500 | Expected 2xx, but got #",
        "took 1.5 s of 1,000 | took # s of #",
        "node7 is away | node# is away",
        "10.0.12.7:5432 refused | #:# refused",
        "no job 0190c1f2-7b3a-7c4d-8e5f-0123456789ab here | no job <uuid> here",
        "at 2030-01-31T12:00:00.123Z | at <time>",
        "at 2030-01-31 12:00+01:00, late | at <time>, late",
        "address 0xDEADbeef | address <hex>",
        "java.lang.Object@1b6d3586 | java.lang.Object@<hex>",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 | commit <hex>",
        "card 12345678 | card #",
        "feedface is a word | feedface is a word",
        "user \"Ada L.\" is unknown | user '…' is unknown",
        "user 'Ada' is unknown | user '…' is unknown",
        "column `name` is missing | column '…' is missing",
        "can't do what Ada's agent won't | can't do what Ada's agent won't",
        "an open \"quote of 7 | an open \"quote of #",
        "ΔΣ ünïcode 3 日本 | ΔΣ ünïcode # 日本"
      })
  void whatDiffersFromJobToJobIsTakenOut(String message, String normal) {
    assertEquals(normal, FailureRule.normal(message));
  }

  @Test
  void linesAndBlanksBecomeOneBlank() {
    assertEquals("a b c", FailureRule.normal("  a\n\tb \r\n c\u0000\n"));
    assertEquals("", FailureRule.normal(""));
  }

  @Test
  void aNormalMessageStaysAsItIs() {
    for (String message : List.of("at 2030-01-31T12:00:00Z \"x\" 7", "a <uuid> of #", "'…'")) {
      String normal = FailureRule.normal(message);
      assertEquals(normal, FailureRule.normal(normal));
    }
  }

  @Test
  void itIsCutAtItsBound_andNotWithinACharacter() {
    String most = "x".repeat(FailureRule.MESSAGE_MAX);
    assertEquals(most, FailureRule.normal(most));
    assertEquals(FailureRule.MESSAGE_MAX, FailureRule.normal(most + "y").length());
    String pairs = FailureRule.normal("😀".repeat(FailureRule.MESSAGE_MAX));
    assertTrue(pairs.length() <= FailureRule.MESSAGE_MAX, "length " + pairs.length());
    assertTrue(pairs.endsWith("😀…"), pairs);
  }

  @Test
  void anyMessageTakesLittleTime() {
    for (String part : List.of("'", "\"", "1a", "12-", "0x", " '", "`a", "2030-01-31T")) {
      String message = part.repeat(2_000);
      assertTimeoutPreemptively(Duration.ofSeconds(5), () -> FailureRule.normal(message), part);
    }
  }

  @Test
  void messagesOfAnyMakeGiveWhatTheRuleSays() {
    Random random = new Random(7);

    for (int i = 0; i < 50_000; i++) {
      String message =
          IntStream.range(0, 1 + random.nextInt(12))
              .mapToObj(_ -> PARTS.get(random.nextInt(PARTS.size())))
              .collect(Collectors.joining());
      String said = RULE.matcher(message).replaceAll(FailureRuleTest::instead).strip();
      assertEquals(said, FailureRule.normal(message), message);
    }
  }

  private static String instead(MatchResult found) {
    return found.namedGroups().keySet().stream()
        .filter(group -> found.group(group) != null)
        .map(group -> INSTEAD.getOrDefault(group, " "))
        .findFirst()
        .orElseThrow();
  }

  /** Fixed for ever: rows hold it. */
  @Test
  void aGroupIsNamedByAllThatItsJobsHaveInCommon() {
    long group = FailureRule.group("mail", "http", "http-500", "Expected #");
    assertEquals("7163d91cd6cb1d71", FailureGroups.text(group));
    assertNotEquals(group, FailureRule.group("mail2", "http", "http-500", "Expected #"));
    assertNotEquals(group, FailureRule.group("mail", "htt", "phttp-500", "Expected #"));
    assertNotEquals(group, FailureRule.group("mail", "http", "http-502", "Expected #"));
    assertNotEquals(group, FailureRule.group("mail", "http", "http-500", "Expected"));
  }
}
