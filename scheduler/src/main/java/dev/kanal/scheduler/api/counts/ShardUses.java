package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardUse;
import java.util.List;
import java.util.Set;

/** What one node answers another about the unfinished jobs in its shards. */
public final class ShardUses {
  public static final Question<List<ShardUse>> QUESTION =
      new Question<>(
          "/internal/v1/queue-uses",
          Set.of(),
          Documents::write,
          json -> List.of(Documents.read(json, ShardUse[].class)));

  private ShardUses() {}
}
