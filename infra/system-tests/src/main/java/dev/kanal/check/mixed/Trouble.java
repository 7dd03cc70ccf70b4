package dev.kanal.check.mixed;

import dev.kanal.check.history.Run;
import java.util.List;

/** What is done to the system while a mixed check runs. */
public interface Trouble {
  /** No trouble. */
  Trouble NONE =
      new Trouble() {
        @Override
        public void make() {
          // Nothing is done.
        }

        @Override
        public List<String> report(List<Run> runs) {
          return List.of();
        }
      };

  /** Returns when all of it was done and the system is well again. */
  void make() throws InterruptedException;

  /** What was done and its result, for a person. */
  List<String> report(List<Run> runs);
}
