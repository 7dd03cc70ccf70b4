package dev.kanal.process.start;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.worker.KafkaAwayException;
import dev.kanal.worker.Worker;
import java.time.Duration;

/** A user's program: a worker for each Kafka that is named; prints why one does not start. */
final class EmbeddingApplication {
  private EmbeddingApplication() {}

  public static void main(String[] arguments) {
    Ticker ticker = Clocks.system().ticker();
    for (String bootstrap : arguments) {
      long begin = ticker.nanos();
      try (Worker worker = Worker.builder().bootstrap(bootstrap).build()) {
        worker.start();
      } catch (KafkaAwayException e) {
        Duration waited = Duration.ofNanos(ticker.nanos() - begin);
        System.out.println(waited.toSeconds() + " s: " + e.getMessage());
      }
    }
  }
}
