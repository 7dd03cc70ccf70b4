package dev.kanal.bench.worker;

import org.apache.kafka.clients.producer.ProducerRecord;

/** A contender that works off a topic. */
interface Crew {
  /** A task as this crew needs it, with {@link Site#PAYLOAD_BYTES} bytes of payload. */
  ProducerRecord<byte[], byte[]> task(Site site, int number, boolean sleeps);

  /**
   * Starts working, in the background: every task goes through {@link Handling#handle} once and has
   * its outcome in {@link Site#outcomes}.
   *
   * @throws Exception whatever went wrong; the trial has failed then
   */
  Shift start(Site site, Handling handling) throws Exception;

  /** A crew at work. */
  interface Shift extends AutoCloseable {
    /** Whether it has no task in hand now. */
    boolean isIdle();

    @Override
    void close();
  }
}
