package dev.kanal.examples.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.job.JobState;
import dev.kanal.examples.wordcount.WordCountHandler.Text;
import dev.kanal.examples.wordcount.WordCountHandler.Words;
import dev.kanal.junit.KanalTest;
import dev.kanal.junit.TestJob;
import dev.kanal.junit.TestKanal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The handler at work: a job over REST, through a scheduler, Kafka and a worker, and back. */
@KanalTest
final class WordCountTest {
  private final TestKanal kanal;

  WordCountTest(TestKanal kanal) {
    this.kanal = kanal;
    kanal.worker();
  }

  @Test
  void shouldCountWords() throws Exception {
    TestJob job = kanal.run("word-count", new Text("To be, or not to be"));
    assertEquals(
        new Words(6, 4, Map.of("be", 2, "not", 1, "or", 1, "to", 2)), job.result(Words.class));
  }

  @Test
  void shouldFailForGood_whenThereIsNoText() throws Exception {
    TestJob job = kanal.run("word-count", new Text(null));
    assertEquals(JobState.DEAD, job.state());
    assertEquals(1, job.attempt());
    assertEquals(Optional.of("Expected a text to count, but there is none"), job.error());
  }
}
