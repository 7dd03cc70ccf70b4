package dev.kanal.bench.run;

import java.nio.file.Path;

/**
 * One run of one contender, in processes of its own.
 *
 * @param directory for everything it writes; deleted afterwards
 * @param quick whether the sizes are scaled down
 */
public record Trial(Path directory, boolean quick) {
  /** The size to use. */
  public int size(int whole, int scaledDown) {
    return quick ? scaledDown : whole;
  }
}
