package dev.kanal.check.lifecycle;

import dev.kanal.check.promise.Promise;
import java.util.List;

/**
 * What the lifecycle says about the accepted jobs.
 *
 * @param duplicates runs of an attempt that had been run already
 * @param retries attempts beyond the first that finished
 * @param lost dispatches whose worker was gone
 * @param spanMs from the first event of a job to its last final state, in the engine's time
 */
public record LifecycleCounts(
    List<Promise> promises, long duplicates, long retries, long lost, long spanMs) {
  public LifecycleCounts {
    promises = List.copyOf(promises);
  }
}
