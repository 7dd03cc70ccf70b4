package dev.kanal.worker.queues;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.TaskRecords;
import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.lane.LaneFixture;
import dev.kanal.worker.lane.LaneSettings;
import dev.kanal.worker.lane.Lanes;
import dev.kanal.worker.lane.ShareSources;
import dev.kanal.worker.pool.Machine;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.PoolSettings;
import dev.kanal.worker.report.Reporter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More channels have tasks, all the time, than can have lanes. */
@EmbeddedCluster
@Timeout(120)
final class LanesOnDemandTest {
  private static final int MOST = 2;
  private static final OnDemand BOUNDS =
      new OnDemand(
          1,
          MOST,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          Duration.ofSeconds(60));
  private static final List<String> QUEUES =
      IntStream.range(0, 5).mapToObj(number -> "queue-" + number).toList();

  private final Topics topics = new Topics(EmbeddedKafka.uniquePrefix());
  private final WorkerRef worker = new WorkerRef("w", 1);
  private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final Map<String, Object> kafka;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  LanesOnDemandTest(TestKafka kafka) throws ExecutionException, InterruptedException {
    this.kafka = Map.of("bootstrap.servers", kafka.bootstrapServers());
    admin = Admin.create(this.kafka);
    producer =
        new KafkaProducer<>(this.kafka, new ByteArraySerializer(), new ByteArraySerializer());
    var _ =
        admin
            .createTopics(
                QUEUES.stream().map(queue -> new NewTopic(tasks(queue), 1, (short) 1)).toList())
            .all()
            .get();
  }

  @AfterEach
  void end() {
    producer.close();
    admin.close();
    timer.shutdownNow();
  }

  @Test
  void shouldLetEachHaveItsTurn_whenAllHaveTasksAndFewCanHaveLanes() throws Exception {
    Lanes lanes = lanes();
    try (var onDemand = onDemand(lanes)) {
      onDemand.start();
      Set<String> had = new HashSet<>();
      int job = 0;
      while (!had.containsAll(QUEUES)) {
        for (String queue : QUEUES) {
          var _ = producer.send(TaskRecords.encode(tasks(queue), LaneFixture.task(job++)));
        }
        onDemand.follow(wanted());
        int now = lanes.channels().size();
        assertTrue(now <= MOST, () -> now + " channels have lanes");
        String queue = ran.poll(100, TimeUnit.MILLISECONDS);
        if (queue != null) {
          had.add(queue);
        }
        ran.drainTo(had);
      }
    } finally {
      lanes.close(Duration.ZERO);
    }
  }

  private LanesOnDemand onDemand(Lanes lanes) {
    return new LanesOnDemand(
        lanes,
        queue -> new GroupSettings(admin).prepare(topics.workerGroup(queue)),
        new TaskOffsets(admin, admin, topics),
        new LanesOnDemand.Watching(kafka, "w", Clocks.system().ticker()),
        BOUNDS);
  }

  private Lanes lanes() {
    Clocks clocks = Clocks.system();
    var needs =
        new Lanes.Needs(
            new ShareSources(kafka, topics, worker, clocks.ticker()),
            (_, listener) -> {
              ran.add(listener.queue());
              listener.finished(LaneFixture.DONE);
              listener.ended();
              return _ -> {};
            },
            new Reporter(new Taking<>(), new Taking<>(), worker, clocks.ticker(), timer),
            new Cancels(clocks),
            () -> false,
            clocks);
    var machine =
        new Pool.Needs(clocks.ticker(), _ -> Map.of(), _ -> 1, () -> new Machine(Duration.ZERO, 0));
    return new Lanes(needs, new Pool(new PoolSettings(1, 8, 100), machine), LaneSettings.DEFAULT);
  }

  private Map<Channel, Set<String>> wanted() {
    return QUEUES.stream()
        .collect(
            Collectors.toMap(queue -> new Channel(queue, Priority.NORMAL), _ -> Set.<String>of()));
  }

  private String tasks(String queue) {
    return topics.tasks(queue, Priority.NORMAL);
  }

  /** Takes everything at once. */
  private static final class Taking<T> implements Sink<T> {
    @Override
    public CompletableFuture<Position> send(T value) {
      return CompletableFuture.completedFuture(new Position(0, 0, LaneFixture.DONE.startedAt()));
    }

    @Override
    public void close() {}
  }
}
