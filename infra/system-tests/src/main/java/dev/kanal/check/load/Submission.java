package dev.kanal.check.load;

import dev.kanal.check.promise.Promise;
import java.util.List;

/**
 * The result of submitting all jobs of a source.
 *
 * @param resubmitted lines sent again although they may have been accepted before
 * @param turnedAway sends of a line that certainly did not arrive, or that the server asked to
 *     repeat later
 */
public record Submission(
    List<AcceptedJob> accepted, List<Promise> promises, long resubmitted, long turnedAway) {
  public Submission {
    accepted = List.copyOf(accepted);
    promises = List.copyOf(promises);
  }
}
