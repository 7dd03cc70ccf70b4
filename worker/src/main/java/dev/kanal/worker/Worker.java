package dev.kanal.worker;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.ClusterProbe;
import dev.kanal.common.channel.GroupAdmin;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Release;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.worker.control.Cancels;
import dev.kanal.worker.control.ControlReader;
import dev.kanal.worker.control.QueueNotes;
import dev.kanal.worker.lane.Lanes;
import dev.kanal.worker.lane.ShareSources;
import dev.kanal.worker.lost.Heirs;
import dev.kanal.worker.lost.LostMembers;
import dev.kanal.worker.lost.LostWorkers;
import dev.kanal.worker.lost.Silences;
import dev.kanal.worker.pool.Machine;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.ShareGroupLags;
import dev.kanal.worker.presence.HttpAddress;
import dev.kanal.worker.presence.Presence;
import dev.kanal.worker.presence.RunTally;
import dev.kanal.worker.presence.WorkerHttpServer;
import dev.kanal.worker.presence.WorkerMeters;
import dev.kanal.worker.queues.QueueFollower;
import dev.kanal.worker.report.EventProducer;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.report.Reporter;
import dev.kanal.worker.run.ChildRules;
import dev.kanal.worker.run.HandlerRunner;
import dev.kanal.worker.run.Registry;
import dev.kanal.worker.run.RunnerParts;
import dev.kanal.worker.start.KafkaStart;
import dev.kanal.worker.start.MissingLog;
import dev.kanal.worker.trace.TaskTracer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs from queues and runs their handlers, as many at once as it has slots.
 *
 * <pre>{@code
 * try (Worker worker =
 *     Worker.builder().bootstrap("localhost:9092").handle("greet", Name.class, greeter).build()) {
 *   worker.start();
 *   worker.awaitTermination();
 * }
 * }</pre>
 *
 * All methods may be called from any thread. A worker that was closed cannot start again.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** From the start, or from a change of a queue, to the look at the queues; the next joins in. */
  private static final Duration SOON = Duration.ofMillis(50);

  private static final long DRAIN_LOOK_MS = 100;
  private static final int TIMER_THREADS = 2;

  private final WorkerBuilder setup;
  private final Registry handlers;
  private final WorkerRef ref;
  private final Telemetry telemetry;
  private final Meters meters;
  private final KafkaStart kafka;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicBoolean draining = new AtomicBoolean();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();

  /** Held to set {@link #parts} and to check whether there is something to stop. */
  private final Object starting = new Object();

  /** The running parts; set by start. */
  private volatile @Nullable Parts parts;

  private record Parts(
      Admin admin,
      Admin groupAdmin,
      KafkaReach reach,
      Reporter reporter,
      Pool pool,
      QueueFollower queues,
      Lanes lanes,
      ControlReader control,
      ScheduledThreadPoolExecutor timer,
      List<Housekeeper> housekeepers,
      Outward outward) {}

  /** What others see of this worker. */
  private record Outward(
      Presence presence, ScheduledThreadPoolExecutor executor, @Nullable WorkerHttpServer server) {}

  Worker(WorkerBuilder setup, Registry handlers, WorkerRef ref) {
    this.setup = setup;
    this.handlers = handlers;
    this.ref = ref;
    Telemetry given = setup.telemetry();
    this.telemetry = given == null ? Telemetry.local() : given;
    this.meters = new Meters(telemetry);
    this.kafka = new KafkaStart(setup.kafka(), setup.topics().log());
  }

  /** A worker with defaults: all queues, the handlers on the class path. */
  public static WorkerBuilder builder() {
    return new WorkerBuilder();
  }

  /** The types that this worker runs. */
  public Set<String> types() {
    return handlers.types();
  }

  /** How many tasks it runs now. */
  public int busySlots() {
    Parts running = parts;
    return running == null ? 0 : running.pool.taken();
  }

  /**
   * Waits until Kafka answers, at most the {@linkplain WorkerBuilder#startTimeout time for that},
   * and starts to take tasks, in the background. The queues need not exist yet. From then on Kafka
   * may go away and come back at any time.
   *
   * @throws KafkaAwayException if nothing answers or the connection is refused; the message says
   *     what and where. The worker may then be started again
   * @throws IllegalStateException if it was started before, or is closed, even while this waits
   */
  public void start() {
    if (closing.get()) {
      throw isClosed();
    }
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "Expected a worker that was never started, but " + ref + " was");
    }
    MissingLog.warn();
    Admin admin;
    try {
      admin = kafka.open(setup.startTimeout());
    } catch (KafkaAwayException e) {
      started.set(false);
      throw closing.get() ? isClosed() : e;
    }
    synchronized (starting) {
      if (!closing.get()) {
        run(admin);
        return;
      }
    }
    admin.close(Duration.ZERO);
    throw isClosed();
  }

  private IllegalStateException isClosed() {
    return new IllegalStateException("Expected a worker that is open, but " + ref + " is closed");
  }

  private void run(Admin admin) {
    Clocks clocks = setup.clocks();
    var timer = executor("kanal-worker-timer", TIMER_THREADS);
    EventProducer events = new EventProducer(client(), setup.topics(), ref);
    QueueNotes notes = new QueueNotes();
    Reporter reporter =
        new Reporter(events.log(), events.quarantine(), ref, clocks.ticker(), timer);
    RunTally tally = new RunTally(clocks);
    AtomicReference<@Nullable Presence> others = new AtomicReference<>();
    HandlerRunner runner = runner(runnerParts(events, notes), tally, timer, others);
    Cancels cancels = new Cancels(clocks);
    var sources = new ShareSources(setup.kafka(), setup.topics(), ref, clocks.ticker());
    KafkaReach reach = reach(kafka.bootstrap());
    var needs =
        new Lanes.Needs(sources, runner, reporter, cancels, () -> reach.away() != null, clocks);
    Admin groupAdmin = GroupAdmin.open(setup.kafka());
    Pool pool = pool(groupAdmin, notes, runner);
    Lanes lanes = new Lanes(needs, pool, setup.laneSettings());
    ControlReader control = control(lanes, cancels, notes);
    WorkerMeters.observe(meters, pool, reporter, lanes.arrivals());
    var silences = new Silences(id(), clocks.ticker());
    Outward outward = outward(events, pool, tally, silences);
    others.set(outward.presence);
    QueueFollower queues = follower(admin, lanes, notes);
    Housekeeper following = following(queues);
    notes.onChange(() -> following.wakeWithin(SOON));
    var housekeepers = List.of(following, looker(pool, lanes, outward.presence));
    parts =
        new Parts(
            admin,
            groupAdmin,
            reach,
            reporter,
            pool,
            queues,
            lanes,
            control,
            timer,
            housekeepers,
            outward);
    queues.start();
    reach.watch(new ClusterProbe(admin));
    reporter.start();
    lanes.start(timer);
    control.start();
    outward.presence.start();
    lostWorkers(admin, events, lanes, outward.presence, silences).start(outward.executor);
    housekeepers.forEach(Housekeeper::start);
    kafka.watch(admin, clocks.ticker(), setup.listener(), timer);
    log.info(
        "Worker {} runs {} with up to {} slots",
        ref.name(),
        handlers.types(),
        setup.poolSettings().total());
  }

  private HandlerRunner runner(
      RunnerParts needs,
      RunTally tally,
      ScheduledExecutorService timer,
      AtomicReference<@Nullable Presence> others) {
    return new HandlerRunner(
        handlers,
        needs,
        tally,
        timer,
        (queue, type) -> {
          Presence known = others.get();
          return known != null && known.isHandled(queue, type);
        });
  }

  private ControlReader control(Lanes lanes, Cancels cancels, QueueNotes notes) {
    var needs =
        new ControlReader.Needs(
            setup.kafka(), ref.name(), setup.topics(), setup.clocks(), cancels, notes);
    return new ControlReader(needs, message -> take(lanes, message));
  }

  private QueueFollower follower(Admin admin, Lanes lanes, QueueNotes notes) {
    var cluster =
        new QueueFollower.Cluster(
            admin, setup.topics(), setup.kafka(), ref.toString(), setup.clocks().ticker());
    var work = new QueueFollower.Work(setup.queues(), handlers.types());
    return new QueueFollower(cluster, work, lanes, notes);
  }

  private static Housekeeper following(QueueFollower queues) {
    return Housekeeper.paced("kanal-worker-queues", "look at the queues", SOON, queues::look);
  }

  private KafkaReach reach(String brokers) {
    return new KafkaReach(
        new KafkaReach.Words(
            brokers,
            "no tasks are taken; what runs goes on, and is reported once it is back",
            "tasks are taken"),
        setup.clocks());
  }

  private Pool pool(Admin groupAdmin, QueueNotes notes, HandlerRunner runner) {
    return new Pool(
        setup.poolSettings(),
        new Pool.Needs(
            setup.clocks().ticker(),
            new ShareGroupLags(groupAdmin, setup.topics(), handlers.types()),
            notes::weight,
            () -> Machine.now(runner.startDelay())));
  }

  private static Housekeeper looker(Pool pool, Lanes lanes, Presence presence) {
    return new Housekeeper(
        "kanal-worker-pool",
        "fit slots and lanes to the load",
        Pool.LOOK_EVERY,
        () -> {
          pool.look();
          lanes.fit(presence.readers());
        });
  }

  /**
   * Stops: takes no more tasks, gives running ones the grace time, interrupts the rest and gives
   * them back at once. Returns when all of that is done, at most about ten seconds after the grace
   * time. A second call waits for the first to be done. A start that waits for Kafka fails.
   */
  @Override
  public void close() {
    try {
      if (!closing.compareAndSet(false, true)) {
        closed.await();
        return;
      }
      kafka.giveUp();
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until the worker is closed. */
  public void awaitTermination() throws InterruptedException {
    closed.await();
  }

  /** The name and incarnation of this worker, as {@code /v1/workers} shows them. */
  public String id() {
    return ref.toString();
  }

  /**
   * Takes no more tasks, permanently; running tasks go on. The worker stays known to others, as
   * draining, until it is closed.
   */
  public void drain() {
    Parts running = parts;
    if (running == null || !draining.compareAndSet(false, true)) {
      return;
    }
    log.info("Worker {} takes no more tasks", ref.name());
    running.outward.presence.drain();
    running.queues.drain();
    running.lanes.drain();
    var _ =
        running.timer.scheduleWithFixedDelay(
            () -> {
              if (running.pool.taken() == 0 && running.reporter.unsent() == 0) {
                drained.complete(null);
              }
            },
            DRAIN_LOOK_MS,
            DRAIN_LOOK_MS,
            TimeUnit.MILLISECONDS);
  }

  /** Completes once the worker was asked to drain and nothing runs any more. */
  public CompletableFuture<Void> drained() {
    return drained.copy();
  }

  /** The port of its HTTP server; -1 if it has none, or was not started. */
  public int httpPort() {
    Parts running = parts;
    WorkerHttpServer server = running == null ? null : running.outward.server;
    return server == null ? -1 : server.port();
  }

  private void take(Lanes lanes, ControlMessage message) {
    if (message instanceof ControlMessage.Drain(var worker) && worker.equals(ref)) {
      drain();
    }
    lanes.take(message);
  }

  private LostWorkers lostWorkers(
      Admin admin, EventProducer events, Lanes lanes, Presence presence, Silences silences) {
    var heirs = new Heirs(id(), silences, presence::live, () -> queuesOf(lanes));
    var members =
        new LostMembers(
            new LostMembers.Needs(
                setup.kafka(),
                ref.name() + "-lost",
                admin,
                setup.topics(),
                heirs::queues,
                lanes::renew));
    var needs = new LostWorkers.Needs(events.pulses(), setup.clocks().ticker(), presence::isKnown);
    return new LostWorkers(needs, ref, silences, members);
  }

  private static Set<String> queuesOf(Lanes lanes) {
    return lanes.channels().stream().map(Channel::queue).collect(Collectors.toSet());
  }

  private Outward outward(EventProducer events, Pool pool, RunTally tally, Silences silences) {
    var executor = executor("kanal-worker-presence", 1);
    Presence presence =
        new Presence(
            new Presence.Needs(
                setup.kafka(),
                setup.topics().workers(),
                setup.clocks(),
                events.reports(),
                executor),
            new Presence.Self(
                ref,
                WorkerBuilder.hostName(),
                Release.version(),
                setup.queues(),
                handlers.types(),
                pool),
            tally,
            silences);
    HttpAddress http = setup.http();
    var inside = new WorkerHttpServer.Inside(presence, telemetry::exposition, this::drain);
    return new Outward(presence, executor, http == null ? null : http.open(inside));
  }

  private static void closeOutward(Outward outward) {
    outward.presence.close();
    outward.executor.shutdownNow();
    WorkerHttpServer server = outward.server;
    if (server != null) {
      server.close();
    }
  }

  private void stop() throws InterruptedException {
    Parts running;
    synchronized (starting) {
      running = parts;
    }
    try {
      if (running != null) {
        running.outward.presence.drain();
        running.housekeepers.forEach(Housekeeper::close);
        running.queues.close();
        running.lanes.close(setup.grace());
      }
    } finally {
      if (running != null) {
        running.control.close();
        meters.close();
        closeOutward(running.outward);
        running.reporter.close();
        running.timer.shutdownNow();
        running.reach.close();
        running.groupAdmin.close(Duration.ZERO);
        running.admin.close(Duration.ofSeconds(1));
      }
      if (setup.telemetry() == null) {
        telemetry.close();
      }
      closed.countDown();
      log.info("Worker {} has stopped", ref.name());
    }
  }

  /** The settings of each Kafka client, with those that make it report its metrics. */
  private Map<String, Object> client() {
    Map<String, Object> settings = new HashMap<>(setup.kafka());
    settings.putAll(telemetry.kafkaMetrics());
    return settings;
  }

  private RunnerParts runnerParts(EventProducer events, QueueNotes queues) {
    ChildRules children =
        new ChildRules(
            events::shards,
            queues::settings,
            setup.topics().log(),
            setup.childLimits().payload(),
            setup.childLimits().tags());
    return new RunnerParts(
        setup.clocks(),
        setup.runnerSettings(),
        new LogBudget(LogBudget.DEFAULT),
        children,
        new TaskTracer(telemetry, setup.telemetryConfig().newTraceAfter()));
  }

  private static ScheduledThreadPoolExecutor executor(String name, int threads) {
    var executor =
        new ScheduledThreadPoolExecutor(threads, Thread.ofPlatform().name(name + "-", 1).factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }
}
