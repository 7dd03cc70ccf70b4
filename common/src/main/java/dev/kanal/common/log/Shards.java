package dev.kanal.common.log;

import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.queue.QueueSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Where things live: the shard of a name is a hash of it (murmur2, as in Kafka's partitioner).
 *
 * @param count of shards
 */
public record Shards(int count) {
  public Shards {
    if (count < 1) {
      throw new IllegalArgumentException("Expected at least 1 shard, but got " + count);
    }
  }

  /** The home of a queue's settings, and of all its jobs while it is limited. */
  public int ofQueue(String queue) {
    return of(queue);
  }

  public int ofSchedule(String name) {
    return of("schedule", name);
  }

  /**
   * Where a job must live; empty if anywhere.
   *
   * @param settings of its queue, as far as they are known
   */
  public OptionalInt ofJob(JobSpec spec, @Nullable QueueSettings settings) {
    var key = spec.key();
    var idempotency = spec.idempotency();
    if (settings != null && settings.limited()) {
      return OptionalInt.of(ofQueue(spec.queue()));
    } else if (key != null) {
      return OptionalInt.of(of(spec.queue(), key.value()));
    } else if (idempotency != null) {
      return OptionalInt.of(of(spec.queue(), "", idempotency.key()));
    }
    return OptionalInt.empty();
  }

  /**
   * The id of a job that a handler submits: always the same for the same parent, name and home, so
   * that a repeated submit finds it.
   *
   * @param since the parent's time for the ids of its children, which does not change
   * @param home the child, and its queue's settings as far as they are known
   */
  public JobId ofChild(JobId parent, ChildName name, Instant since, Home home) {
    long bits = name.hash(parent);
    int shard =
        ofJob(home.spec, home.settings).orElseGet(() -> (int) Math.floorMod(bits, (long) count));
    return JobId.of(shard, since.toEpochMilli(), bits);
  }

  /** What a job's home depends on. */
  public record Home(JobSpec spec, @Nullable QueueSettings settings) {}

  /** The shard of a name of several parts. */
  public int of(String... parts) {
    byte[] name = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(name)) % count;
  }
}
