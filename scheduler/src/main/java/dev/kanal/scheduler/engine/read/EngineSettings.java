package dev.kanal.scheduler.engine.read;

import dev.kanal.common.channel.Topics;
import dev.kanal.scheduler.engine.format.FormatRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What an engine needs to know.
 *
 * @param shards partitions of the log
 * @param nodeId stable across restarts of this node, unique among nodes
 * @param advertised {@code host:port} at which other nodes reach this node's API
 * @param cacheBytes memory for rows that are not yet written to disk, for the whole node
 * @param kafka settings given to every client, such as those of security
 * @param streams settings given to Kafka Streams
 * @param formats which log formats this node reads, and when a newer one is activated
 */
public record EngineSettings(
    String bootstrap,
    Topics topics,
    int shards,
    String nodeId,
    String advertised,
    int threads,
    int standbys,
    Duration commitInterval,
    long cacheBytes,
    Path dataDirectory,
    Map<String, String> kafka,
    Map<String, String> streams,
    FormatRules formats) {
  public EngineSettings {
    kafka = Map.copyOf(kafka);
    streams = Map.copyOf(streams);
  }
}
