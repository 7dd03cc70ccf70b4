package dev.kanal.scheduler.api.format;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which entries may be appended to logs: those of a format that the log of every shard has. As
 * shards send each other entries, one shard that has it is not enough. What has been found to be so
 * stays so, and is not asked for again.
 */
public final class LogFormats {
  /** While it is not so, the owners of all shards are asked no more often. */
  static final Duration ASK_EVERY = Duration.ofMillis(500);

  private static final int RETRY_AFTER_S = 5;

  private final AllOwners owners;
  private final JobReader reader;
  private final Ticker ticker;

  /** The number of the format that the logs of all shards are known to have. */
  @GuardedBy("this")
  private int known = LogFormat.JOBS.number();

  /** The last question, or the one that is under way, and when it was asked; null before. */
  @GuardedBy("this")
  private @Nullable Future<Integer> asked;

  @GuardedBy("this")
  private long askedNanos;

  public LogFormats(AllOwners owners, JobReader reader, Ticker ticker) {
    this.owners = owners;
    this.reader = reader;
    this.ticker = ticker;
  }

  /** The call by which another node asks this one. */
  public Route route() {
    return NodeFormats.QUESTION.answered(_ -> Future.succeededFuture(here()));
  }

  /**
   * Whether entries of this format may be appended. Never fails: if an owner does not answer, they
   * may not. Completes on an event loop, within the time that nodes have for an answer.
   */
  public Future<Boolean> isActive(LogFormat format) {
    return all(format).map(all -> all >= format.number());
  }

  /**
   * Waits on a call's own thread until that is known.
   *
   * @throws RefusedException if they may not: {@code upgrading}
   */
  public void require(LogFormat format) throws RefusedException {
    if (!CallThreads.await(isActive(format), Failures::internal)) {
      throw new RefusedException(
          Problem.later(
              ErrorCode.UPGRADING,
              "Expected that all schedulers and shards can read this, but some cannot yet: an"
                  + " upgrade is under way, or has just ended. Nothing was taken",
              RETRY_AFTER_S));
    }
  }

  private synchronized Future<Integer> all(LogFormat format) {
    if (known >= format.number()) {
      return Future.succeededFuture(known);
    }
    Future<Integer> before = asked;
    long now = ticker.nanos();
    if (before != null && now - askedNanos < ASK_EVERY.toNanos()) {
      return before;
    }
    Future<Integer> asking =
        owners
            .ask(NodeFormats.QUESTION, "", Future.succeededFuture(here()))
            .map(LogFormats::least)
            .otherwise(LogFormat.JOBS.number())
            .onSuccess(this::learn);
    asked = asking;
    askedNanos = now;
    return asking;
  }

  private synchronized void learn(int format) {
    known = Math.max(known, format);
  }

  private static int least(List<NodeFormats> answers) {
    return answers.stream()
        .flatMap(answer -> answer.known().stream())
        .mapToInt(JobReader.ShardFormat::format)
        .min()
        .orElse(LogFormat.JOBS.number());
  }

  private NodeFormats here() {
    return new NodeFormats(reader.formats());
  }
}
