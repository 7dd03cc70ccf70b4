package dev.kanal.scheduler.api;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.JobReader;
import dev.kanal.scheduler.engine.JobView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Log and engine of one node in memory: what is sent is a job at once, on another thread. */
final class InMemoryShards implements JobReader, Sink<ToShard> {
  static final int SHARDS = 16;
  static final Instant LOG_TIME = InMemoryEngine.NOW;

  final Map<JobId, JobView> jobs = new ConcurrentHashMap<>();
  final InMemoryEngine engine = new InMemoryEngine(jobs);

  final InMemorySchedules schedules =
      new InMemorySchedules(
          shard -> ownerOf(shard) instanceof Owner.Local, submit -> engine.apply(0, submit));

  /** The payloads of jobs with a key, by that key, in the order of the log. */
  final Map<String, List<String>> submitted = new ConcurrentHashMap<>();

  final AtomicInteger sent = new AtomicInteger();
  final AtomicInteger sending = new AtomicInteger();
  final AtomicInteger mostSending = new AtomicInteger();
  volatile @Nullable SendFailedException failure;
  volatile int failFrom = Integer.MAX_VALUE;
  volatile CompletableFuture<Void> acknowledge = CompletableFuture.completedFuture(null);
  volatile boolean finishAtOnce;
  volatile @Nullable InMemoryShards copyTo;
  volatile IntFunction<Owner> owners = _ -> new Owner.Local();
  volatile @Nullable Answer answer;
  volatile @Nullable RuntimeException broken;
  volatile CompletableFuture<List<QueueCount>> counts =
      CompletableFuture.completedFuture(List.of());

  /** When offsets are reached; they fail if this fails. */
  volatile CompletableFuture<Void> reach = CompletableFuture.completedFuture(null);

  volatile Health health = new Health(true, "all shards read");

  private final Map<JobId, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final ExecutorService kafka =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("in-memory-log").factory());

  @Override
  public CompletableFuture<Position> send(ToShard value) {
    mostSending.accumulateAndGet(sending.incrementAndGet(), Math::max);
    CompletableFuture<Position> position = new CompletableFuture<>();
    var _ = acknowledge.thenRunAsync(() -> append(value, position), kafka);
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
    InMemoryShards copy = copyTo;
    if (copy != null) {
      copy.jobs.putAll(jobs);
    }
    position.complete(new Position(value.shard(), offset, LOG_TIME));
  }

  /** Ends a job and tells those who wait for it. */
  void finish(JobId id, JsonBytes result) {
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
                  job.version() + 1);
            });
    CompletableFuture<Answer> waiter = waiting.remove(id);
    if (waiter != null) {
      waiter.complete(new Answer.Found(view));
    }
  }

  JobView job(String id) {
    return requireNonNull(jobs.get(JobId.parse(id)), id);
  }

  /** A queued job out of nowhere. */
  void put(JobId id) {
    JobSpec spec = JobSpec.of("a", JsonBytes.NULL);
    jobs.put(id, InMemoryEngine.view(new LogEntry.Submit(id, spec, TraceContext.NONE)));
  }

  int waiting() {
    return waiting.size();
  }

  List<JobView> byType(String type) {
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

  @Override
  public CompletableFuture<Void> reached(int shard, long offset) {
    return reach.thenRunAsync(() -> {}, kafka);
  }

  @Override
  public CompletableFuture<Optional<FirstSubmit>> firstSubmit(int shard, JobSpec spec) {
    return CompletableFuture.supplyAsync(() -> engine.firstSubmit(spec), kafka);
  }

  @Override
  public CompletableFuture<List<QueueCount>> queueCounts() {
    return counts;
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
