package dev.kanal.check.load;

import dev.kanal.check.promise.Promise;
import dev.kanal.check.promise.PromiseTally;
import java.util.List;
import java.util.Optional;

/**
 * What each accepted job must do, one promise after the other; a job that breaks one is not held to
 * those that follow. Safe for any thread.
 */
final class JobVerdict {
  private final JobSource source;
  private final PromiseTally present = new PromiseTally("no accepted job is missing");
  private final PromiseTally ended = new PromiseTally("every accepted job ends in time");
  private final PromiseTally succeeded = new PromiseTally("every accepted job succeeds");
  private final PromiseTally right = new PromiseTally("every answer is right");

  JobVerdict(JobSource source) {
    this.source = source;
  }

  void judge(AcceptedJob job, Ending ending) {
    switch (ending) {
      case Ending.Missing() -> present.broken(job.id() + " is not known");
      case Ending.Unexpected(String what) -> present.broken(job.id() + " is answered by " + what);
      case Ending.NotFinal(String lastSeen) -> {
        present.kept();
        ended.broken(job.id() + " was last seen " + lastSeen);
      }
      case Ending.Otherwise(String state, String reason) -> {
        present.kept();
        ended.kept();
        succeeded.broken("%s is %s %s".formatted(job.id(), state, reason).strip());
      }
      case Ending.Succeeded success -> {
        present.kept();
        ended.kept();
        succeeded.kept();
        judgeAnswer(job, success);
      }
    }
  }

  List<Promise> promises() {
    return List.of(
        present.toPromise(), ended.toPromise(), succeeded.toPromise(), right.toPromise());
  }

  private void judgeAnswer(AcceptedJob job, Ending.Succeeded success) {
    Optional<String> wrong = source.wrong(job.index(), success.result());
    if (wrong.isEmpty()) {
      right.kept();
    } else {
      right.broken(job.id() + ": " + wrong.get());
    }
  }
}
