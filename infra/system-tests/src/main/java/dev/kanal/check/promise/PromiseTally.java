package dev.kanal.check.promise;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts how often one promise was kept and broken. Safe for any thread. */
public final class PromiseTally {
  private static final int MOST_SAMPLES = 3;

  private final String text;
  private final List<String> samples = new ArrayList<>();

  @GuardedBy("this")
  private long checked;

  @GuardedBy("this")
  private long violations;

  public PromiseTally(String text) {
    this.text = text;
  }

  public synchronized void kept() {
    checked++;
  }

  public synchronized void broken(String what) {
    checked++;
    violations++;
    if (samples.size() < MOST_SAMPLES) {
      samples.add(what);
    }
  }

  /**
   * @param what asked for only if the promise is broken
   */
  public void check(boolean holds, Supplier<String> what) {
    if (holds) {
      kept();
    } else {
      broken(what.get());
    }
  }

  public synchronized Promise toPromise() {
    return new Promise(text, checked, violations, samples);
  }
}
