package dev.kanal.check.mix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.check.history.Run;
import dev.kanal.check.history.Spec;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MixTest {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private static List<MixedJob> draw(int count, long seed) {
    return Mix.draw(count, seed, "run", ALL);
  }

  @Test
  void shouldBeAFunctionOfTheSeed() {
    assertEquals(draw(500, 7), draw(500, 7));
    assertNotEquals(draw(500, 7), draw(500, 8));
  }

  @Test
  void shouldDrawEveryKind_andNumberAllInOrder() {
    List<MixedJob> jobs = draw(5_000, 1);

    assertEquals(5_000, jobs.size());
    assertEquals(ALL, jobs.stream().map(MixedJob::kind).collect(Collectors.toSet()));
    for (int index = 0; index < jobs.size(); index++) {
      assertEquals(index, jobs.get(index).spec().index());
    }
  }

  @Test
  void shouldDrawOnlyTheKindsAskedFor() {
    List<MixedJob> jobs = Mix.draw(50, 1, "run", Set.of(Kind.KEYED));

    assertEquals(50, jobs.size());
    assertTrue(jobs.stream().allMatch(job -> job.kind() == Kind.KEYED));
  }

  /** One request carries few keys, so that few are in doubt when its answer is lost. */
  @Test
  void shouldKeepTheJobsOfAKeyTogether() {
    Set<String> seen = new HashSet<>();
    String last = "";
    for (MixedJob job : draw(5_000, 1)) {
      Spec.Key key = job.spec().key();
      String name = key == null ? "" : key.name();
      if (!name.equals(last) && !name.isEmpty()) {
        assertTrue(seen.add(name), name);
      }
      last = name;
    }
    assertTrue(seen.size() > 50);
  }

  @Test
  void shouldPlayPartsThatFitWhatIsExpected() {
    for (MixedJob job : draw(5_000, 1)) {
      if (job.kind() == Kind.RETRIED) {
        int last = job.spec().maxAttempts();
        assertEquals(Run.End.FAILED, job.play(last - 1, last - 2).end());
        assertEquals(Run.End.SUCCEEDED, job.play(last, last - 1).end());
        assertEquals(Run.End.SUCCEEDED, job.play(last, last + 5).end());
      }
      if (job.kind() == Kind.SNOOZED) {
        assertEquals(Run.End.SNOOZED, job.play(1, 0).end());
        assertEquals(Run.End.SUCCEEDED, job.play(1, job.snoozes()).end());
        assertEquals(1, job.spec().maxAttempts());
      }
    }
  }
}
