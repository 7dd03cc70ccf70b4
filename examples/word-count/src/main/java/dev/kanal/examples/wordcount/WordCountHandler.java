package dev.kanal.examples.wordcount;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Counts the words of a text. */
public final class WordCountHandler
    implements JobHandler<WordCountHandler.Text, WordCountHandler.Words> {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+");

  /** The payload: {@code {"text": "to be or not to be"}}. */
  public record Text(@Nullable String text) {}

  /** The result: {@code {"words": 6, "distinct": 4, "counts": {"be": 2, …}}}. */
  public record Words(int words, int distinct, Map<String, Integer> counts) {}

  @Override
  public String type() {
    return "word-count";
  }

  @Override
  public Class<Text> payloadType() {
    return Text.class;
  }

  @Override
  public Words handle(Context context, Text payload) throws JobFailed {
    String text = payload.text();
    if (text == null) {
      throw new JobFailed("no-text", "Expected a text to count, but there is none", false);
    }
    Map<String, Integer> counts = new TreeMap<>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .forEach(word -> counts.merge(word.group(), 1, Integer::sum));
    int words = counts.values().stream().mapToInt(Integer::intValue).sum();
    return new Words(words, counts.size(), counts);
  }
}
