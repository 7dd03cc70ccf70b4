package dev.kanal.check.mix;

import dev.kanal.check.history.Spec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws the jobs of a run. */
public final class Mix {
  private static final int LEAST_OF_A_KEY = 8;
  private static final int MOST_OF_A_KEY = 16;

  private final SplittableRandom random;
  private final String run;
  private final List<Kind> kinds;
  private final List<MixedJob> jobs = new ArrayList<>();
  private int keys;

  private Mix(long seed, String run, Set<Kind> kinds) {
    this.random = new SplittableRandom(seed);
    this.run = run;
    this.kinds = List.copyOf(EnumSet.copyOf(kinds));
  }

  /**
   * @param run names its queues
   * @param kinds to draw from; not empty
   */
  public static List<MixedJob> draw(int count, long seed, String run, Set<Kind> kinds) {
    Mix mix = new Mix(seed, run, kinds);
    while (mix.jobs.size() < count) {
      mix.add(mix.kind(), count);
    }
    return List.copyOf(mix.jobs);
  }

  private Kind kind() {
    int draw = random.nextInt(kinds.stream().mapToInt(Kind::weight).sum());
    int index = 0;
    while (draw >= kinds.get(index).weight()) {
      draw -= kinds.get(index).weight();
      index++;
    }
    return kinds.get(index);
  }

  private void add(Kind kind, int count) {
    boolean isGroup = kind == Kind.KEYED || kind == Kind.KEYED_MANY;
    if (!isGroup) {
      jobs.add(new Recipe(random, jobs.size(), kind, kind.queue().name(run), null).job());
      return;
    }
    int size = random.nextInt(LEAST_OF_A_KEY, MOST_OF_A_KEY + 1);
    int limit = kind == Kind.KEYED ? 1 : random.nextInt(2, 5);
    Spec.Key key = new Spec.Key("key-" + keys, limit);
    keys++;
    for (int i = 0; i < size && jobs.size() < count; i++) {
      jobs.add(new Recipe(random, jobs.size(), kind, kind.queue().name(run), key).job());
    }
  }
}
