package dev.kanal.examples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.kanal.common.job.Outcome;
import dev.kanal.examples.wordcount.WordCountHandler.Text;
import dev.kanal.examples.wordcount.WordCountHandler.Words;
import dev.kanal.worker.testing.HandlerTester;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The handler alone, without Kafka. */
final class WordCountHandlerTest {
  private final HandlerTester<Text, Words> tester = HandlerTester.of(new WordCountHandler());

  @Test
  void shouldCountWords() {
    assertEquals(
        new Words(3, 2, Map.of("a", 2, "b", 1)),
        tester.payload(new Text("a b, A")).attempt(2).run().result());
  }

  @Test
  void shouldFailForGood_whenThereIsNoText() {
    var failed =
        assertInstanceOf(Outcome.Failed.class, tester.payload(new Text(null)).run().outcome());
    assertEquals("no-text", failed.error().type());
    assertFalse(failed.retryable());
  }
}
