package dev.kanal.common.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class JobStateTest {
  private static final Path PAGE = Path.of("..", "docs", "STATES.md");
  private static final Pattern ARROW = Pattern.compile("(?m)^ +(\\S+) --> (\\S+)$");
  private static final String OUTSIDE = "[*]";

  @Test
  void shouldGoWhereTheDiagramSays() throws IOException {
    Map<JobState, Set<JobState>> drawn = new EnumMap<>(JobState.class);
    Set<JobState> ends = EnumSet.noneOf(JobState.class);
    for (JobState state : JobState.values()) {
      drawn.put(state, EnumSet.noneOf(JobState.class));
    }
    Matcher arrow = ARROW.matcher(Files.readString(PAGE));
    while (arrow.find()) {
      if (arrow.group(2).equals(OUTSIDE)) {
        ends.add(JobState.valueOf(arrow.group(1)));
      } else if (!arrow.group(1).equals(OUTSIDE)) {
        Set<JobState> next = drawn.get(JobState.valueOf(arrow.group(1)));
        assertTrue(next != null && next.add(JobState.valueOf(arrow.group(2))), arrow.group());
      }
    }

    for (JobState state : JobState.values()) {
      assertEquals(drawn.get(state), state.successors(), state.toString());
      assertEquals(ends.contains(state), state.isFinal(), state.toString());
      for (JobState next : JobState.values()) {
        assertEquals(state.successors().contains(next), state.canBecome(next));
      }
    }
  }
}
