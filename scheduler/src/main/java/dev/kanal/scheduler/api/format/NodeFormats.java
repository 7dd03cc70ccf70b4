package dev.kanal.scheduler.api.format;

import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardFormat;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What one node answers another about the formats of its shards' logs. A node of a release that
 * knows of no formats does not answer.
 */
record NodeFormats(List<ShardFormat> known) implements AllOwners.NodeAnswer {
  static final Question<NodeFormats> QUESTION =
      new Question<>(
          "/internal/v1/log-formats",
          Set.of(),
          answer -> Documents.write(answer.known),
          json -> new NodeFormats(List.of(Documents.read(json, ShardFormat[].class))));

  @Override
  public BitSet shards() {
    BitSet shards = new BitSet();
    known.forEach(each -> shards.set(each.shard()));
    return shards;
  }
}
