package dev.kanal.common.log;

import dev.kanal.common.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Which job of a step, and where it lives.
 *
 * @param stage of a chain; 0 without one
 */
public record MemberPlace(int shard, int index, int stage) {
  /** At least 62 bits that depend on nothing but these. */
  long hash(JobId flow, String step, int round) {
    String whole = flow + "\0" + step + "\0" + index + "\0" + stage + "\0" + round;
    UUID hash = UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8));
    return Long.rotateLeft(hash.getMostSignificantBits(), 7) ^ hash.getLeastSignificantBits();
  }
}
