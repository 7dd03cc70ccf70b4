package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.scheduler.engine.JobReader.QueueCount;
import java.io.IOException;

/** A queue over several shards; {@code oldest} is the greatest number without a queued job. */
record QueueSum(long queued, long running, long waiting, long oldest) {
  static final QueueSum NONE = new QueueSum(0, 0, 0, Long.MAX_VALUE);

  static QueueSum of(QueueCount count) {
    long oldest = count.oldestQueuedEpochMs() == 0 ? Long.MAX_VALUE : count.oldestQueuedEpochMs();
    return new QueueSum(count.queued(), count.running(), count.waiting(), oldest);
  }

  QueueSum plus(QueueSum other) {
    return new QueueSum(
        queued + other.queued,
        running + other.running,
        waiting + other.waiting,
        Math.min(oldest, other.oldest));
  }

  long unfinished() {
    return queued + running + waiting;
  }

  /** Writes the fields into an object that is open. */
  void write(long now, JsonGenerator out) throws IOException {
    long age = oldest == Long.MAX_VALUE ? 0 : Math.max(0, now - oldest);
    out.writeNumberField("lag", queued);
    out.writeNumberField("oldestAgeSeconds", age / 1000.0);
    out.writeNumberField("inFlight", running);
    out.writeNumberField("waiting", waiting);
  }
}
