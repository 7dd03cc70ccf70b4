package dev.kanal.scheduler.api.events;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream of events has come in each shard: {@code shard:sequence}, joined by commas. As
 * the id of an event its own shard comes first.
 */
final class EventPositions {
  /** With more shards than this an id names its own shard only. */
  static final int SHARDS_TOLD = 64;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final long[] positions;

  EventPositions(int shards) {
    positions = new long[shards];
    Arrays.fill(positions, UNKNOWN);
  }

  /** Reads an id; null if it is none. */
  static @Nullable EventPositions parse(String text, int shards) {
    EventPositions parsed = new EventPositions(shards);
    if (!text.matches("\\d{1,4}:-?\\d{1,18}(,\\d{1,4}:-?\\d{1,18})*")) {
      return null;
    }
    for (String each : text.split(",")) {
      int colon = each.indexOf(':');
      int shard = Integer.parseInt(each.substring(0, colon));
      if (shard >= shards) {
        return null;
      }
      parsed.positions[shard] = Long.parseLong(each.substring(colon + 1));
    }
    return parsed;
  }

  boolean isKnown(int shard) {
    return positions[shard] != UNKNOWN;
  }

  boolean areAllKnown() {
    return Arrays.stream(positions).allMatch(position -> position != UNKNOWN);
  }

  long of(int shard) {
    return positions[shard];
  }

  /** Notes that the stream has come to {@code sequence}; answers whether that is further. */
  boolean advance(int shard, long sequence) {
    if (sequence <= positions[shard]) {
      return false;
    }
    positions[shard] = sequence;
    return true;
  }

  /** The id of an event of {@code own}, or of the stream as a whole for -1; may be empty. */
  String id(int own) {
    StringBuilder id = new StringBuilder();
    if (own >= 0) {
      append(id, own);
    }
    if (positions.length <= SHARDS_TOLD) {
      for (int shard = 0; shard < positions.length; shard++) {
        if (shard != own && isKnown(shard)) {
          append(id, shard);
        }
      }
    }
    return id.toString();
  }

  private void append(StringBuilder id, int shard) {
    id.append(id.isEmpty() ? "" : ",").append(shard).append(':').append(positions[shard]);
  }
}
