package dev.kanal.scheduler.engine.streams;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.ShardLog;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.common.task.TaskRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Succeeds with each payload that it reads: all that the engine sees of a worker. */
final class EchoWorker implements AutoCloseable {
  final Map<JobId, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final Topics topics;
  private final Map<String, Object> client;
  private final List<String> queues;
  private final Thread thread;
  private volatile boolean closed;

  EchoWorker(String bootstrap, Topics topics, String... queues) {
    this.topics = topics;
    this.client = Map.of("bootstrap.servers", bootstrap, "metadata.max.age.ms", 500);
    this.queues = List.of(queues);
    this.thread = Thread.ofPlatform().name("echo-worker").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Map<String, Object> config = new HashMap<>(client);
    config.put("group.id", topics.prefix() + "-echo");
    config.put("auto.offset.reset", "earliest");
    var bytes = new ByteArrayDeserializer();
    try (Sink<ToShard> log = ShardLog.open(client, topics);
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, bytes, bytes)) {
      consumer.subscribe(
          queues.stream().map(queue -> topics.tasks(queue, Priority.NORMAL)).toList());
      while (!closed) {
        consumer
            .poll(Duration.ofMillis(50))
            .forEach(record -> succeed(log, TaskRecords.decode(record)));
      }
    }
  }

  private void succeed(Sink<ToShard> log, Task task) {
    runs.computeIfAbsent(task.job(), _ -> new AtomicInteger()).incrementAndGet();
    Instant now = Clocks.system().wall().instant();
    Run run = new Run(task.job(), task.dispatch(), new WorkerRef("echo", 1));
    var _ =
        log.send(
            new ToShard(
                task.job().shard(),
                new Finished(run, now, now, new Outcome.Succeeded(task.payload()))));
  }
}
