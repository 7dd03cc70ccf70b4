package dev.kanal.bench.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** As little as possible around share consumers: a thread each, and one producer for all. */
final class ShareCrew implements Crew {
  static final int CONSUMERS = 4;

  @Override
  public ProducerRecord<byte[], byte[]> task(Site site, int number, boolean sleeps) {
    return Plain.task(site, number);
  }

  @Override
  public Shift start(Site site, Handling handling) {
    KafkaProducer<byte[], byte[]> producer = site.producer(Map.of("linger.ms", 1));
    List<ShareThread> threads = new ArrayList<>();
    for (int i = 0; i < CONSUMERS; i++) {
      threads.add(ShareThread.start(site, handling, producer));
    }
    return new Shift() {
      @Override
      public boolean isIdle() {
        return threads.stream().allMatch(ShareThread::isIdle);
      }

      @Override
      public void close() {
        threads.forEach(ShareThread::close);
        producer.close();
      }
    };
  }
}
