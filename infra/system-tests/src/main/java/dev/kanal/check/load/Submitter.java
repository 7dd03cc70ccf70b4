package dev.kanal.check.load;

import dev.kanal.check.server.Session;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Submits all jobs of a source in batch uploads. Used once. */
public final class Submitter {
  private final Session session;
  private final JobSource source;
  private final int chunkLines;
  private final Intake intake = new Intake();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param chunkLines of one request
   */
  public Submitter(Session session, JobSource source, int chunkLines) {
    this.session = session;
    this.source = source;
    this.chunkLines = chunkLines;
  }

  /** Returns when every job was accepted or refused, or the time of the run is over. */
  public Submission run(int submitters) throws InterruptedException {
    Crew.run(
        "check-submit-",
        submitters,
        () -> {
          submitChunks();
          return null;
        });
    return intake.toSubmission();
  }

  /** For people; grows while {@link #run} works. */
  public long accepted() {
    return intake.acceptedSoFar();
  }

  /** For people; grows while {@link #run} works. */
  public long resubmitted() {
    return intake.resubmittedSoFar();
  }

  private void submitChunks() throws InterruptedException {
    for (int start = nextChunk(); start < source.size(); start = nextChunk()) {
      int end = Math.min(source.size(), start + chunkLines);
      submit(IntStream.range(start, end).boxed().toList());
    }
  }

  private int nextChunk() {
    return next.getAndUpdate(start -> Math.min(source.size(), start + chunkLines));
  }

  /** Sends a chunk, and what is left of it, until nothing is left or the time is over. */
  private void submit(List<Integer> chunk) throws InterruptedException {
    List<Integer> left = chunk;
    int tries = 0;
    while (!left.isEmpty()) {
      if (session.deadline().passed()) {
        intake.giveUp(left);
        return;
      }
      ChunkSettlement settlement = send(left);
      intake.add(settlement);
      tries = settlement.accepted().isEmpty() ? tries + 1 : 1;
      left = settlement.again();
      if (settlement.away() == null) {
        session.patience().answered();
      } else if (!session.patience().pause(settlement.away(), tries)) {
        intake.giveUp(left);
        return;
      }
    }
  }

  private ChunkSettlement send(List<Integer> jobs) throws InterruptedException {
    Iterable<byte[]> lines = () -> jobs.stream().map(source::line).iterator();
    return ChunkSettlement.of(jobs, session.client().bulk(lines));
  }
}
