package dev.kanal.scheduler.engine.streams;

import dev.kanal.common.access.Need;
import dev.kanal.common.access.Needs;
import dev.kanal.common.access.Refusal;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.GroupAdmin;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Shards;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.format.FormatWatch;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.measure.JobTracer;
import dev.kanal.scheduler.engine.out.CommitBarrier;
import dev.kanal.scheduler.engine.out.Dispatcher;
import dev.kanal.scheduler.engine.out.EngineOutputs;
import dev.kanal.scheduler.engine.out.TickLoop;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.read.EngineSettings;
import dev.kanal.scheduler.engine.read.LocalFlowReader;
import dev.kanal.scheduler.engine.read.LocalJobReader;
import dev.kanal.scheduler.engine.read.LocalScheduleReader;
import dev.kanal.scheduler.engine.read.LocalShards;
import dev.kanal.scheduler.engine.read.LogEnds;
import dev.kanal.scheduler.engine.read.QuarantineReader;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.NewerLogException;
import dev.kanal.scheduler.engine.shard.Shard;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.upkeep.AbandonedTransactions;
import dev.kanal.scheduler.engine.upkeep.BehindWatch;
import dev.kanal.scheduler.engine.upkeep.EngineGauges;
import dev.kanal.scheduler.engine.upkeep.LostTaskDetector;
import dev.kanal.scheduler.engine.upkeep.TopicTrimmer;
import dev.kanal.scheduler.engine.upkeep.TypeWatch;
import dev.kanal.scheduler.stats.RunRecorder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of one node, on Kafka Streams: one source, one processor, one store, sinks by name.
 * The topology is frozen: shards of an older node must be able to move here.
 */
public final class Engine implements AutoCloseable {
  static final String STORE = "state";
  static final String LIFECYCLE_SINK = "lifecycle";
  static final String QUARANTINE_SINK = "quarantine";

  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);

  /** Kafka Streams will call the form with headers only, but has no other to implement yet. */
  @SuppressWarnings("removal")
  private static final StreamPartitioner<byte[], byte[]> BY_SHARD = Engine::partition;

  private final Admin admin;
  private final Admin groupAdmin;
  private final Dispatcher dispatcher;
  private final CompletableFuture<Void> fenced = new CompletableFuture<>();
  private final CompletableFuture<String> tooOld = new CompletableFuture<>();
  private final KafkaStreams streams;
  private final LocalJobReader reader;
  private final LocalScheduleReader schedules;
  private final LocalFlowReader flows;
  private final EngineGauges gauges;
  private final List<Housekeeper> housekeepers;
  private final QuarantineReader quarantine;

  private Engine(
      EngineSettings settings,
      EngineOutputs targets,
      Clocks clocks,
      Decider decider,
      LostTaskDetector.Pace pace) {
    Topics topics = settings.topics();
    this.admin = Admin.create(client(settings));
    this.groupAdmin = GroupAdmin.open(client(settings));
    EngineMetrics metrics =
        new EngineMetrics(
            new Meters(targets.telemetry()),
            clocks.wall(),
            new RunRecorder(new SecureRandom().nextLong()));
    this.dispatcher = dispatcher(settings, targets, metrics, clocks.ticker());
    LogEnds logEnds = LogEnds.ask(admin, topics.log()).within(targets.reach());
    LocalShards shards = new LocalShards(new ConcurrentHashMap<>(), logEnds, clocks.ticker());
    TickLoop ticks = new TickLoop(shards.all(), targets.log(), clocks.wall(), clocks.ticker());
    CommitBarrier barrier = new CommitBarrier(dispatcher);
    Shards homes = new Shards(settings.shards());
    Shard.Deciding deciding =
        new Shard.Deciding(decider, EngineRules.DEFAULT, homes, settings.formats().reads());
    var outputs = new ShardProcessor.Outputs(targets, dispatcher, barrier, ticks);
    JobTracer tracer = new JobTracer(targets.telemetry(), clocks.wall());
    this.streams =
        streams(
            settings,
            targets.telemetry(),
            () -> new ShardProcessor(deciding, shards, outputs, metrics, tracer),
            new BarrierClients(barrier, metrics, shards));
    this.reader = new LocalJobReader(settings, streams, shards, metrics.runs(), clocks.wall());
    this.schedules = new LocalScheduleReader(homes, shards);
    this.flows = new LocalFlowReader(settings.shards(), shards);
    var watched =
        new LostTaskDetector.Sources(
            groupAdmin, topics, shards.all(), reader, () -> consumer(settings));
    this.gauges = new EngineGauges(new Meters(targets.telemetry()), shards, metrics, clocks.wall());
    TypeWatch types =
        new TypeWatch(
            shards.all(),
            targets.workers(),
            targets.log(),
            clocks.ticker(),
            () -> targets.reach().away() != null);
    this.housekeepers =
        List.of(
            ticks.housekeeper(),
            new AbandonedTransactions(admin, topics.engine(), () -> !reader.health().upToDate())
                .housekeeper(),
            new LostTaskDetector(watched, targets.log(), targets.ownTopics(), clocks, pace)
                .housekeeper(),
            new TopicTrimmer(groupAdmin, topics, shards.all().keySet(), reader, clocks.wall())
                .housekeeper(),
            types.housekeeper(),
            formatWatch(admin, settings, targets, shards).housekeeper(),
            new BehindWatch(reader, shards::behind, targets.reach()).housekeeper());
    this.quarantine =
        new QuarantineReader(topics.quarantine(), () -> committed(settings), clocks.ticker());
    streams.setUncaughtExceptionHandler(failure -> failed(failure, Needs.ofScheduler(topics)));
  }

  private StreamThreadExceptionResponse failed(Throwable failure, List<Need> needs) {
    if (cause(failure, FencedInstanceIdException.class) != null) {
      fenced.complete(null);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    NewerLogException newer = cause(failure, NewerLogException.class);
    if (newer != null) {
      tooOld.complete(newer.getMessage());
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    Refusal.in(failure, needs)
        .ifPresentOrElse(
            refusal -> log.error("The engine cannot go on, and tries again: {}", refusal),
            () ->
                log.error(
                    "Expected the engine to go on, but a thread failed; it is replaced", failure));
    LockSupport.parkNanos(RESTART_PAUSE.toNanos());
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /**
   * Completes once another process has taken this node's id; this engine then does nothing more.
   */
  public CompletableFuture<Void> fenced() {
    return fenced.copy();
  }

  /**
   * Completes, with a sentence, once it is found that a shard's log may have entries that this
   * engine does not read; it then does nothing more.
   */
  public CompletableFuture<String> tooOld() {
    return tooOld.copy();
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    while (cause != null && !type.isInstance(cause)) {
      cause = cause.getCause();
    }
    return type.cast(cause);
  }

  /** Makes an engine that is not yet started. */
  public static Engine create(EngineSettings settings, EngineOutputs targets, Clocks clocks) {
    Decider decider =
        new Decisions(
            EngineRules.DEFAULT, new Shards(settings.shards()), settings.formats().reads());
    return create(settings, targets, clocks, decider, LostTaskDetector.Pace.DEFAULT);
  }

  static Engine create(
      EngineSettings settings,
      EngineOutputs targets,
      Clocks clocks,
      Decider decider,
      LostTaskDetector.Pace pace) {
    return new Engine(settings, targets, clocks, decider, pace);
  }

  private static FormatWatch formatWatch(
      Admin admin, EngineSettings settings, EngineOutputs targets, LocalShards shards) {
    return new FormatWatch(
        shards.all(),
        FormatWatch.Schedulers.of(admin, settings.topics().engine()),
        targets.log(),
        settings.formats(),
        shards.ticker());
  }

  private static Map<String, Object> client(EngineSettings settings) {
    Map<String, Object> client = new HashMap<>(settings.kafka());
    client.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    return client;
  }

  private static Dispatcher dispatcher(
      EngineSettings settings, EngineOutputs targets, EngineMetrics metrics, Ticker ticker) {
    Map<String, Object> client = client(settings);
    client.putAll(targets.telemetry().kafkaMetrics());
    return new Dispatcher(
        taskProducer(client),
        settings.topics(),
        targets.log(),
        new Dispatcher.Callbacks(targets.onBroken(), metrics, targets.ownTopics()),
        ticker);
  }

  private static KafkaStreams streams(
      EngineSettings settings,
      Telemetry telemetry,
      ProcessorSupplier<byte[], byte[], byte[], byte[]> shards,
      KafkaClientSupplier clients) {
    var properties = StreamsProperties.of(settings);
    properties.putAll(telemetry.kafkaMetrics());
    TopologyConfig config = new TopologyConfig(new StreamsConfig(properties));
    return new KafkaStreams(topology(settings, shards, config), properties, clients);
  }

  private static Topology topology(
      EngineSettings settings,
      ProcessorSupplier<byte[], byte[], byte[], byte[]> shards,
      TopologyConfig config) {
    var bytes = Serdes.ByteArray();
    return new Topology(config)
        .addSource("log", bytes.deserializer(), bytes.deserializer(), settings.topics().log())
        .addProcessor("shard", shards, "log")
        .addStateStore(
            new RowBufferBuilder(STORE, settings.cacheBytes() / settings.shards()), "shard")
        .addSink(
            LIFECYCLE_SINK,
            settings.topics().lifecycle(),
            bytes.serializer(),
            bytes.serializer(),
            BY_SHARD,
            "shard")
        .addSink(
            QUARANTINE_SINK,
            settings.topics().quarantine(),
            bytes.serializer(),
            bytes.serializer(),
            "shard");
  }

  /** A job's own, which is its shard's: what a shard sends at a time then goes as one batch. */
  private static Optional<Set<Integer>> partition(
      String topic, byte[] job, byte[] event, int partitions) {
    JobId id = JobId.parse(new String(job, StandardCharsets.US_ASCII));
    return Optional.of(Set.of(id.shard() % partitions));
  }

  public void start() {
    streams.start();
    housekeepers.forEach(Housekeeper::start);
    gauges.start(this::storeBytes);
  }

  /** Questions to this node's shards. */
  public JobReader reader() {
    return reader;
  }

  /** Questions about schedules to this node's shards. */
  public ScheduleReader schedules() {
    return schedules;
  }

  /** Questions about flows to this node's shards. */
  public FlowReader flows() {
    return flows;
  }

  /** Questions about what could not be read. */
  public Quarantine quarantine() {
    return quarantine;
  }

  /** A channel's topic is gone: its tasks are kept back until it is ready again. */
  public void breakChannel(Channel channel, String why) {
    dispatcher.breakChannel(channel, why);
  }

  /** As RocksDB reports it; 0 before there are shards. */
  private long storeBytes() {
    long bytes = 0;
    for (Metric each : streams.metrics().values()) {
      if (each.metricName().name().equals("total-sst-files-size")
          && each.metricValue() instanceof Number size) {
        bytes += size.longValue();
      }
    }
    return bytes;
  }

  /** Hands the shards over and stops; waits at most some seconds. */
  @Override
  public void close() {
    housekeepers.forEach(Housekeeper::close);
    quarantine.close();
    gauges.close();
    boolean stopped =
        streams.close(
            CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    if (!stopped) {
      log.warn("Expected the engine to stop within {}, but it did not", CLOSE_TIMEOUT);
    }
    dispatcher.close();
    reader.close();
    schedules.close();
    flows.close();
    groupAdmin.close(Duration.ZERO);
    admin.close(CLOSE_TIMEOUT);
  }

  private static Consumer<byte[], byte[]> committed(EngineSettings settings) {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 << 20);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Consumer<byte[], byte[]> consumer(EngineSettings settings) {
    Map<String, Object> config = new HashMap<>(settings.kafka());
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 14);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Not idempotent: an idempotent producer numbers its batches, and a topic that was deleted and
   * made again refuses the numbers it does not know. A task that is sent twice is the same
   * dispatch.
   */
  private static Producer<byte[], byte[]> taskProducer(Map<String, Object> client) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "kanal-tasks");
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, Sink.BATCH_BYTES);
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 << 20);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
