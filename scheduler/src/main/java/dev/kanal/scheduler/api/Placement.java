package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import java.util.OptionalInt;

/** Chooses the shards of new jobs. */
final class Placement {
  private final ApiParts parts;
  private final Shards shards;

  Placement(ApiParts parts) {
    this.parts = parts;
    this.shards = new Shards(parts.reader().shards());
  }

  /** Where the job must live; any shard if it may live anywhere. Its queue has been made ready. */
  int shardOf(JobSpec spec) {
    OptionalInt fixed = shards.ofJob(spec, parts.queues().known().settings(spec.queue()));
    return fixed.isPresent() ? fixed.getAsInt() : parts.random().nextInt(shards.count());
  }
}
