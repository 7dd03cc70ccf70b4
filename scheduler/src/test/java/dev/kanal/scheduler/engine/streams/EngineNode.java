package dev.kanal.scheduler.engine.streams;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.HandoffSink;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.control.ControlTopic;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.ShardLog;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.engine.format.FormatRules;
import dev.kanal.scheduler.engine.out.EngineOutputs;
import dev.kanal.scheduler.engine.out.OwnTopics;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.read.EngineSettings;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.upkeep.LostTaskDetector;
import dev.kanal.scheduler.queues.KafkaQueueDirectory;
import dev.kanal.scheduler.queues.KafkaQueueDirectory.QueueTopicRule;
import dev.kanal.scheduler.queues.NewQueues;
import dev.kanal.scheduler.queues.Provisioner;
import dev.kanal.scheduler.queues.ProvisioningException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;

/** A node with an engine and without an API. */
public final class EngineNode implements AutoCloseable {
  public static final int SHARDS = 4;

  /** Lost tasks are looked for soon. */
  private static final LostTaskDetector.Pace PACE =
      new LostTaskDetector.Pace(Duration.ofMillis(500), Duration.ofSeconds(3));

  public final Topics topics;
  final KafkaQueueDirectory queues;
  final Engine engine;
  private final Admin admin;
  private final Sink<ToShard> shardLog;
  private final Sink<ControlMessage> control;
  private final RandomGenerator random = RandomGenerator.getDefault();

  private EngineNode(Map<String, Object> client, EngineSettings settings, Decider decider) {
    topics = settings.topics();
    admin = Admin.create(client);
    KafkaReach reach =
        new KafkaReach(new KafkaReach.Words("brokers", "away", "back"), Clocks.system());
    shardLog = new HandoffSink<>("kanal-log", ShardLog.open(client, topics), 100_000, reach);
    AtomicReference<Engine> built = new AtomicReference<>();
    queues =
        new KafkaQueueDirectory(
            new KafkaQueueDirectory.Cluster(admin, client, topics, reach),
            shardLog,
            new QueueTopicRule(
                SHARDS,
                2,
                1_000_000,
                Optional.empty(),
                true,
                new NewQueues(500, 500, Clocks.system().ticker())),
            (channel, why) -> requireNonNull(built.get(), "engine").breakChannel(channel, why));
    control = ControlTopic.open(client, topics);
    EngineOutputs targets =
        new EngineOutputs(
            shardLog,
            control,
            queues::repair,
            queues::wanted,
            (_, _, _) -> {},
            new KnownWorkers(Clocks.system().ticker()),
            OwnTopics.NONE,
            Telemetry.NONE,
            reach);
    engine = Engine.create(settings, targets, Clocks.system(), decider, PACE);
    built.set(engine);
  }

  public static EngineNode start(String bootstrap, String prefix, Path data, Decider decider)
      throws ProvisioningException {
    return start(bootstrap, prefix, data, decider, 8 << 20);
  }

  static EngineNode start(
      String bootstrap, String prefix, Path data, Decider decider, long cacheBytes)
      throws ProvisioningException {
    return start(bootstrap, prefix, data, new Kind(decider, cacheBytes, FormatRules.DEFAULT));
  }

  /** One that reads and activates formats by these rules. */
  static EngineNode start(String bootstrap, String prefix, Path data, FormatRules formats)
      throws ProvisioningException {
    Decider decider = new Decisions(EngineRules.DEFAULT, new Shards(SHARDS), formats.reads());
    return start(bootstrap, prefix, data, new Kind(decider, 8 << 20, formats));
  }

  /** How a node decides, and what it keeps in memory. */
  private record Kind(Decider decider, long cacheBytes, FormatRules formats) {}

  private static EngineNode start(String bootstrap, String prefix, Path data, Kind kind)
      throws ProvisioningException {
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
    EngineSettings settings =
        new EngineSettings(
            bootstrap,
            new Topics(prefix),
            SHARDS,
            "node-" + data.getFileName(),
            "127.0.0.1:1",
            1,
            0,
            Duration.ofMillis(200),
            kind.cacheBytes,
            data,
            Map.of(),
            Map.of(),
            kind.formats);
    EngineNode node = new EngineNode(client, settings, kind.decider);
    new Provisioner(node.admin, Map.of(), node.topics, SHARDS, Optional.empty()).provision();
    node.engine.start();
    node.queues.start();
    return node;
  }

  JobReader reader() {
    return engine.reader();
  }

  public JobId submit(JobSpec spec) throws Exception {
    return submit(spec, random.nextInt(SHARDS));
  }

  public JobId submit(JobSpec spec, int shard) throws Exception {
    queues.ensure(spec.queue(), spec.priority()).get(20, TimeUnit.SECONDS);
    JobId id = JobId.create(shard, Clocks.system().wall().instant(), random);
    Position _ =
        shardLog
            .send(new ToShard(shard, new Submit(id, spec, TraceContext.NONE)))
            .get(20, TimeUnit.SECONDS);
    return id;
  }

  /** Submits to a shard of its choice, without making the queue ready. */
  CompletableFuture<JobId> send(JobSpec spec) {
    int shard = random.nextInt(SHARDS);
    JobId id = JobId.create(shard, Clocks.system().wall().instant(), random);
    return shardLog
        .send(new ToShard(shard, new Submit(id, spec, TraceContext.NONE)))
        .thenApply(_ -> id);
  }

  public void append(int shard, LogEntry entry) throws Exception {
    Position _ = shardLog.send(new ToShard(shard, entry)).get(20, TimeUnit.SECONDS);
  }

  /** The answer about a job, once the shard is here. */
  Answer find(JobId job) throws Exception {
    return reader().find(job).get(20, TimeUnit.SECONDS);
  }

  JobView awaitFinal(JobId job) throws Exception {
    Answer answer = reader().awaitFinal(job, Duration.ofSeconds(30)).get(40, TimeUnit.SECONDS);
    if (answer instanceof Answer.Found(var view)) {
      return view;
    }
    throw new AssertionError("Expected job " + job + ", but got " + answer);
  }

  @Override
  public void close() {
    queues.close();
    engine.close();
    shardLog.close();
    control.close();
    admin.close();
  }
}
