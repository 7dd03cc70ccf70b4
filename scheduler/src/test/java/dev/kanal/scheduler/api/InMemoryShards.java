package dev.kanal.scheduler.api;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.BulkActionViews;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.JobLog;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.Listing;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.TokenStanding;
import dev.kanal.scheduler.stats.NodeRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Log and engine of one node in memory: what is sent is a job at once, on another thread. */
public final class InMemoryShards implements JobReader, Sink<ToShard> {
  public static final int SHARDS = 16;
  public static final Instant LOG_TIME = InMemoryEngine.NOW;

  public final Map<JobId, JobView> jobs = new ConcurrentHashMap<>();
  public final InMemoryEngine engine = new InMemoryEngine(jobs);

  public final InMemorySchedules schedules =
      new InMemorySchedules(
          shard -> ownerOf(shard) instanceof Owner.Local, submit -> engine.apply(0, submit));

  public final InMemoryFlows flows = new InMemoryFlows();

  /** The payloads of jobs with a key, by that key, in the order of the log. */
  public volatile Map<String, List<String>> submitted = new ConcurrentHashMap<>();

  public final AtomicInteger sent = new AtomicInteger();
  public final AtomicInteger sending = new AtomicInteger();
  public final AtomicInteger mostSending = new AtomicInteger();
  public volatile @Nullable SendFailedException failure;
  public volatile int failFrom = Integer.MAX_VALUE;
  public volatile CompletableFuture<Void> acknowledge = CompletableFuture.completedFuture(null);
  public volatile boolean finishAtOnce;
  public volatile @Nullable InMemoryShards copyTo;
  public volatile IntFunction<Owner> owners = _ -> new Owner.Local();
  public volatile @Nullable Answer answer;
  public volatile @Nullable Listing listing;
  public volatile int lookMax = 5_000;
  public volatile @Nullable RuntimeException broken;
  public volatile CompletableFuture<List<QueueCount>> counts =
      CompletableFuture.completedFuture(List.of());
  public final List<EventRing> rings =
      Collections.synchronizedList(
          IntStream.range(0, SHARDS)
              .mapToObj(_ -> new EventRing(-1))
              .collect(Collectors.toCollection(ArrayList::new)));
  public final Map<JobId, List<BulkActionView.Part>> bulks = new ConcurrentHashMap<>();
  public final List<LogEntry.BulkActionEntry> ordered =
      Collections.synchronizedList(new ArrayList<>());

  /** When offsets are reached; they fail if this fails. */
  public volatile CompletableFuture<Void> reach = CompletableFuture.completedFuture(null);

  /** The number of the format that the logs of these shards have. */
  public volatile int logFormat = LogFormat.NEWEST.number();

  public volatile Health health = new Health(true, "all shards read");

  /** Nodes that learn of queues' settings. */
  public final List<KnownQueues> informed = new CopyOnWriteArrayList<>();

  /** Complete once everything sent so far is appended; guarded by this. */
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  private final Map<JobId, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final ExecutorService kafka =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("in-memory-log").factory());

  @Override
  public synchronized CompletableFuture<Position> send(ToShard value) {
    mostSending.accumulateAndGet(sending.incrementAndGet(), Math::max);
    CompletableFuture<Position> position = new CompletableFuture<>();
    CompletableFuture<Void> acknowledged = acknowledge;
    last = last.thenCompose(_ -> acknowledged).thenRunAsync(() -> append(value, position), kafka);
    return position;
  }

  private void append(ToShard value, CompletableFuture<Position> position) {
    int offset = sent.getAndIncrement();
    SendFailedException away = failure;
    sending.decrementAndGet();
    if (away != null && offset >= failFrom) {
      position.completeExceptionally(away);
      return;
    }
    engine.apply(offset, value.entry());
    if (value.entry() instanceof FlowEntry entry) {
      flows.apply(entry);
    }
    if (value.entry() instanceof LogEntry.ScheduleEntry entry) {
      schedules.apply(offset, entry);
    }
    if (value.entry() instanceof LogEntry.Submit submit && submit.spec().key() != null) {
      submitted
          .computeIfAbsent(submit.spec().key().value(), _ -> new CopyOnWriteArrayList<>())
          .add(submit.spec().payload().toString());
    }
    if (finishAtOnce
        && value.entry() instanceof LogEntry.Submit submit
        && jobs.containsKey(submit.job())) {
      finish(submit.job(), submit.spec().payload());
    }
    if (value.entry() instanceof LogEntry.BulkActionEntry bulk) {
      ordered.add(bulk);
    }
    if (value.entry() instanceof LogEntry.StartBulkAction(var id, var order)) {
      BulkActionView.State running = BulkActionView.State.RUNNING;
      bulks.put(
          id,
          List.of(
              new BulkActionView.Part(
                  id.shard(), order.withoutJobs(), LOG_TIME, running, 0, 0, 0, 0, null)));
    }
    settle(value.entry(), offset);
    InMemoryShards copy = copyTo;
    if (copy != null) {
      copy.jobs.putAll(jobs);
    }
    position.complete(new Position(value.shard(), offset, LOG_TIME));
  }

  private void settle(LogEntry entry, int offset) {
    switch (entry) {
      case LogEntry.PutQueue(var queue, var settings) ->
          informed.forEach(known -> known.take(new QueueRecord(queue, settings, offset)));
      case LogEntry.DeleteQueue(var queue) ->
          informed.forEach(known -> known.take(new QueueRecord(queue, null, offset)));
      default -> {}
    }
  }

  /** Ends a job and tells those who wait for it. */
  public void finish(JobId id, JsonBytes result) {
    JobView view =
        jobs.compute(
            id,
            (_, job) -> {
              if (job == null) {
                throw new IllegalArgumentException("Expected a job, but there is no " + id);
              }
              return new JobView(
                  id,
                  job.spec(),
                  job.trace(),
                  JobState.SUCCEEDED,
                  null,
                  result,
                  job.createdAt(),
                  null,
                  LOG_TIME.plusSeconds(1),
                  1,
                  List.of(),
                  0,
                  job.maxAttempts(),
                  false,
                  null,
                  job.commandOffset(),
                  job.version() + 1,
                  null);
            });
    CompletableFuture<Answer> waiter = waiting.remove(id);
    if (waiter != null) {
      waiter.complete(new Answer.Found(view));
    }
  }

  public JobView job(String id) {
    return requireNonNull(jobs.get(JobId.parse(id)), id);
  }

  /** A queued job out of nowhere. */
  public void put(JobId id) {
    put(id, JobSpec.of("a", JsonBytes.NULL));
  }

  public void put(JobId id, JobSpec spec) {
    jobs.put(id, InMemoryEngine.view(new LogEntry.Submit(id, spec, TraceContext.NONE)));
  }

  public int waiting() {
    return waiting.size();
  }

  public List<JobView> byType(String type) {
    List<JobView> found = new ArrayList<>();
    jobs.values().stream().filter(job -> job.spec().type().equals(type)).forEach(found::add);
    return found;
  }

  @Override
  public int shards() {
    return SHARDS;
  }

  @Override
  public Owner ownerOf(int shard) {
    return owners.apply(shard);
  }

  @Override
  public CompletableFuture<TokenStanding> token(JobId job, TokenHash token) {
    return CompletableFuture.supplyAsync(() -> engine.standing(job, token), kafka);
  }

  @Override
  public CompletableFuture<Answer> find(JobId job) {
    RuntimeException thrown = broken;
    if (thrown != null) {
      return CompletableFuture.failedFuture(thrown);
    }
    return CompletableFuture.supplyAsync(() -> now(job), kafka);
  }

  private Answer now(JobId job) {
    Answer fixed = answer;
    JobView view = jobs.get(job);
    return fixed != null ? fixed : view == null ? new Answer.Missing() : new Answer.Found(view);
  }

  @Override
  public CompletableFuture<Answer> awaitFinal(JobId job, Duration atMost) {
    CompletableFuture<Answer> end = waiting.computeIfAbsent(job, _ -> new CompletableFuture<>());
    JobView view = jobs.get(job);
    if (view == null || view.state().isFinal()) {
      end.complete(now(job));
    }
    return end.copy()
        .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(_ -> now(job));
  }

  /** Looks through {@link #lookMax} jobs of each shard that is here. */
  @Override
  public CompletableFuture<Listing> list(JobFilter filter, @Nullable JobId below, int limit) {
    Set<Integer> here =
        IntStream.range(0, SHARDS)
            .filter(shard -> ownerOf(shard) instanceof Owner.Local)
            .boxed()
            .collect(Collectors.toSet());
    JobId reached = null;
    TreeMap<JobId, JobView> found = new TreeMap<>(Comparator.<JobId>naturalOrder().reversed());
    for (int shard : here) {
      List<JobView> looked =
          jobs.values().stream()
              .filter(job -> job.id().shard() == shard)
              .filter(job -> below == null || job.id().compareTo(below) < 0)
              .sorted(Comparator.comparing(JobView::id).reversed())
              .limit(lookMax)
              .toList();
      if (looked.size() == lookMax) {
        JobId last = looked.getLast().id();
        reached = reached == null || last.compareTo(reached) > 0 ? last : reached;
      }
      looked.stream()
          .filter(job -> filter.matches(job.spec(), job.state(), job.createdAt()))
          .filter(job -> filter.finds(job.id(), job.spec()))
          .forEach(job -> found.put(job.id(), job));
    }
    if (reached != null) {
      found.tailMap(reached, false).clear();
    }
    List<JobView> all = List.copyOf(found.values());
    return CompletableFuture.completedFuture(
        listing != null
            ? listing
            : all.size() > limit
                ? new Listing.Part(here, all.subList(0, limit), all.get(limit - 1).id())
                : new Listing.Part(here, all, reached));
  }

  @Override
  public CompletableFuture<BulkActionViews> bulks(@Nullable JobId below, int limit) {
    Map<JobId, List<BulkActionView.Part>> newest = new TreeMap<>(Comparator.reverseOrder());
    newest.putAll(bulks);
    newest.keySet().removeIf(id -> below != null && id.compareTo(below) >= 0);
    Set<Integer> here = here();
    Map<JobId, List<BulkActionView.Part>> some = new TreeMap<>();
    newest.entrySet().stream()
        .limit(limit)
        .forEach(each -> some.put(each.getKey(), partsOf(each.getKey(), here)));
    return CompletableFuture.completedFuture(new BulkActionViews(here, some));
  }

  private Set<Integer> here() {
    return IntStream.range(0, SHARDS)
        .filter(shard -> ownerOf(shard) instanceof Owner.Local)
        .boxed()
        .collect(Collectors.toSet());
  }

  private List<BulkActionView.Part> partsOf(JobId bulk, Set<Integer> here) {
    return bulks.getOrDefault(bulk, List.of()).stream()
        .filter(part -> here.contains(part.shard()))
        .toList();
  }

  @Override
  public CompletableFuture<BulkActionView> bulk(JobId bulk) {
    Set<Integer> here = here();
    return CompletableFuture.completedFuture(new BulkActionView(here, partsOf(bulk, here)));
  }

  @Override
  public CompletableFuture<Void> reached(int shard, long offset) {
    return reach.thenRunAsync(() -> {}, kafka);
  }

  @Override
  public CompletableFuture<Optional<FirstSubmit>> firstSubmit(int shard, JobSpec spec) {
    return CompletableFuture.supplyAsync(() -> engine.firstSubmit(spec), kafka);
  }

  public final Map<JobId, JobLog> logs = new ConcurrentHashMap<>();

  @Override
  public CompletableFuture<Optional<JobLog>> log(JobId job) {
    JobLog none = new JobLog(List.of(), 0);
    return CompletableFuture.supplyAsync(
        () -> jobs.containsKey(job) ? Optional.of(logs.getOrDefault(job, none)) : Optional.empty(),
        kafka);
  }

  @Override
  public CompletableFuture<List<QueueCount>> queueCounts() {
    return counts;
  }

  /** What this node is said to have counted. */
  public volatile NodeRuns runs = new NodeRuns(1, Map.of());

  @Override
  public NodeRuns runs() {
    return runs;
  }

  /** The dead jobs of the shards that are here. */
  public volatile List<FailureView.Group> failures = List.of();

  @Override
  public CompletableFuture<FailureView> failures(@Nullable String queue, @Nullable String type) {
    Set<Integer> here = new HashSet<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      if (ownerOf(shard) instanceof Owner.Local) {
        here.add(shard);
      }
    }
    return CompletableFuture.completedFuture(new FailureView(here, failures, null));
  }

  /** Pages by their cursors. */
  public volatile Quarantine quarantine =
      (below, _) -> CompletableFuture.completedFuture(new Quarantine.Page(List.of(), null));

  @Override
  public @Nullable EventRing events(int shard) {
    return ownerOf(shard) instanceof Owner.Local ? rings.get(shard) : null;
  }

  /** Tells of a job's state as an engine does, at this offset of its shard. */
  public void tell(JobId job, JobState state, long offset) {
    EventRing ring = rings.get(job.shard());
    ring.add(offset, new Transition(job, LOG_TIME, "a", "default", state, 1, 1, null, null, null));
    ring.applied(offset);
  }

  @Override
  public CompletableFuture<List<ShardUse>> use() {
    return CompletableFuture.supplyAsync(this::useNow, kafka);
  }

  private List<ShardUse> useNow() {
    List<ShardUse> uses = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      Map<String, Long> unfinished = new ConcurrentHashMap<>();
      for (JobView job : jobs.values()) {
        if (job.id().shard() == shard && !job.state().isFinal()) {
          unfinished.merge(job.spec().queue(), 1L, Long::sum);
        }
      }
      if (owners.apply(shard) instanceof Owner.Local) {
        uses.add(new ShardUse(shard, sent.get() - 1, unfinished));
      }
    }
    return uses;
  }

  @Override
  public CompletableFuture<List<ShardQueue>> queue(String queue) {
    return counts.thenApply(
        now -> {
          List<ShardQueue> known = new ArrayList<>();
          for (int shard = 0; shard < SHARDS; shard++) {
            if (owners.apply(shard) instanceof Owner.Local) {
              known.add(new ShardQueue(shard, sent.get(), unfinished(now, shard, queue)));
            }
          }
          return known;
        });
  }

  private static long unfinished(List<QueueCount> counts, int shard, String queue) {
    return counts.stream()
        .filter(count -> count.shard() == shard && count.queue().equals(queue))
        .flatMap(count -> count.states().entrySet().stream())
        .filter(count -> !count.getKey().isFinal())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public List<ShardFormat> formats() {
    return IntStream.range(0, SHARDS)
        .filter(shard -> ownerOf(shard) instanceof Owner.Local)
        .mapToObj(shard -> new ShardFormat(shard, logFormat))
        .toList();
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void close() {
    kafka.shutdown();
  }
}
