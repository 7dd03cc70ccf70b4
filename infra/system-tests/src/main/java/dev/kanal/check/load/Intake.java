package dev.kanal.check.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.check.promise.PromiseTally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the server's answer to each line. Safe for any thread. */
final class Intake {
  private final PromiseTally allAccepted = new PromiseTally("every job is accepted");
  private final PromiseTally inOrder = new PromiseTally("each line has one answer, in order");
  private final PromiseTally uniqueIds = new PromiseTally("no id is given twice");

  @GuardedBy("this")
  private final List<AcceptedJob> accepted = new ArrayList<>();

  @GuardedBy("this")
  private final Set<String> ids = new HashSet<>();

  @GuardedBy("this")
  private long resubmitted;

  @GuardedBy("this")
  private long turnedAway;

  synchronized void add(ChunkSettlement settlement) {
    for (AcceptedJob job : settlement.accepted()) {
      inOrder.kept();
      accept(job);
    }
    settlement.refusals().forEach(allAccepted::broken);
    settlement.faults().forEach(inOrder::broken);
    resubmitted += settlement.mayExistTwice();
    turnedAway += settlement.again().size() - settlement.mayExistTwice();
  }

  /** The time of the run ended before these jobs were accepted. */
  void giveUp(List<Integer> jobs) {
    jobs.forEach(index -> allAccepted.broken("job " + index + ": not accepted in time"));
  }

  synchronized long acceptedSoFar() {
    return accepted.size();
  }

  synchronized long resubmittedSoFar() {
    return resubmitted;
  }

  synchronized Submission toSubmission() {
    return new Submission(
        accepted,
        List.of(allAccepted.toPromise(), inOrder.toPromise(), uniqueIds.toPromise()),
        resubmitted,
        turnedAway);
  }

  @GuardedBy("this")
  private void accept(AcceptedJob job) {
    allAccepted.kept();
    accepted.add(job);
    if (ids.add(job.id())) {
      uniqueIds.kept();
    } else {
      uniqueIds.broken("job " + job.index() + ": " + job.id() + " is another job's");
    }
  }
}
