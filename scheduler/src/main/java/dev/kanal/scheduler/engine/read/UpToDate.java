package dev.kanal.scheduler.engine.read;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.scheduler.engine.query.JobReader.Health;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Judges by how the shards of a node stand whether it is of use. Pure: the time is given. Submits
 * need no shard, so a node whose shards have been up to date once stays ready while they move or
 * catch up, unless that lasts. Usable from any thread.
 */
final class UpToDate {
  /** How long shards may be behind before the node counts as not ready. */
  static final Duration LASTING = Duration.ofSeconds(60);

  @GuardedBy("this")
  private boolean ever;

  @GuardedBy("this")
  private @Nullable Instant since;

  @GuardedBy("this")
  private long sinceNanos;

  /**
   * How the shards stand.
   *
   * @param trouble what keeps the whole engine from working; null if nothing does
   * @param stopped whether it will not work again
   * @param here shards of this node
   * @param behind how many of them are not up to date
   * @param all shards of the installation
   */
  record Look(@Nullable String trouble, boolean stopped, int here, int behind, int all) {}

  synchronized Health look(Look look, long nanos, Instant now) {
    boolean well = look.trouble == null && look.behind == 0;
    if (well) {
      ever = true;
      since = null;
      return new Health(true, look.here + " of " + look.all + " shards are here", true, null);
    }
    if (since == null) {
      since = now.truncatedTo(ChronoUnit.SECONDS);
      sinceNanos = nanos;
    }
    boolean lasts = nanos - sinceNanos >= LASTING.toNanos();
    boolean ready = ever && !lasts && !look.stopped;
    String detail =
        (look.here - look.behind)
            + " of "
            + look.all
            + " shards are here and up to date, "
            + look.behind
            + " more are not, since "
            + since
            + (look.trouble == null ? "" : ": " + look.trouble);
    return new Health(ready, detail, false, since);
  }
}
