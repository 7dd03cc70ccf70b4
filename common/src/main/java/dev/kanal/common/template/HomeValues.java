package dev.kanal.common.template;

import dev.kanal.common.job.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * What is known where a flow lives. Asked only for what a template refers to, each at most once.
 */
public interface HomeValues {
  JsonBytes input();

  /** The result of a step; null if it has none, as it did not succeed. */
  @Nullable JsonBytes result(String step);

  /** What {@code $flow} stands for. */
  JsonBytes flow();
}
