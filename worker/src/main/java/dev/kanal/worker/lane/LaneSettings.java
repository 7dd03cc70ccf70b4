package dev.kanal.worker.lane;

import java.time.Duration;

/**
 * How lanes behave.
 *
 * @param handOff a task that runs longer is leased, so that its record can be settled; sooner if it
 *     is among the last of its batch
 * @param poll how long one wait for records takes
 * @param slotPatience a lane that waits longer for slots leaves its share group until then
 * @param stallMax no new tasks while Kafka has accepted no outcome for longer than this
 * @param staleAfter records that a lane gets after a longer pause between polls may be another's by
 *     now; less than the silence after which others consider a worker lost
 * @param turnPatience how long a suspect waits for its turn before it is handed back
 * @param askAboutOld whether to ask about all tasks that are older than the view of cancels
 */
public record LaneSettings(
    Duration handOff,
    Duration poll,
    Duration slotPatience,
    Duration stallMax,
    Duration staleAfter,
    Duration turnPatience,
    boolean askAboutOld) {
  public static final LaneSettings DEFAULT =
      new LaneSettings(
          Duration.ofMillis(250),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          false);

  public LaneSettings withHandOff(Duration other) {
    return new LaneSettings(
        other, poll, slotPatience, stallMax, staleAfter, turnPatience, askAboutOld);
  }

  public LaneSettings withAskAboutOld(boolean other) {
    return new LaneSettings(handOff, poll, slotPatience, stallMax, staleAfter, turnPatience, other);
  }
}
