package dev.kanal.scheduler.api;

import dev.kanal.scheduler.engine.JobReader;
import dev.kanal.scheduler.engine.JobReader.Owner;
import java.util.HashSet;
import java.util.Set;

/** The other nodes that own shards now. */
final class OtherNodes {
  private OtherNodes() {}

  static Set<Forwarder.Node> of(JobReader reader) {
    Set<Forwarder.Node> nodes = new HashSet<>();
    for (int shard = 0; shard < reader.shards(); shard++) {
      if (reader.ownerOf(shard) instanceof Owner.Remote(String host, int port)) {
        nodes.add(new Forwarder.Node(host, port));
      }
    }
    return nodes;
  }
}
