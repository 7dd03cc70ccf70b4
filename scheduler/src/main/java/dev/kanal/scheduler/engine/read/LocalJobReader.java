package dev.kanal.scheduler.engine.read;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;
import static dev.kanal.scheduler.engine.row.Tables.SETTINGS;
import static dev.kanal.scheduler.engine.row.Tables.SUBMITTED;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.TokenHash;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.BulkActionViews;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.JobLog;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.Listing;
import dev.kanal.scheduler.engine.query.TokenStanding;
import dev.kanal.scheduler.engine.query.UnavailableException;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.Submitted;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunRecorder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Reads the stores of this node's shards, each question on a virtual thread of its own. */
public final class LocalJobReader implements JobReader, AutoCloseable {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final EngineSettings settings;
  private final KafkaStreams streams;
  private final LocalShards local;
  private final Map<Integer, ShardStatus> shards;
  private final RunRecorder runs;
  private final HostInfo self;
  private final InstantSource wall;
  private final UpToDate upToDate = new UpToDate();
  private final LocalLists lists;
  private final ById<JobView> byId;
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kanal-read-", 0).factory());

  public LocalJobReader(
      EngineSettings settings,
      KafkaStreams streams,
      LocalShards local,
      RunRecorder runs,
      InstantSource wall) {
    this.wall = wall;
    this.settings = settings;
    this.streams = streams;
    this.local = local;
    this.shards = local.all();
    this.runs = runs;
    this.lists = new LocalLists(local::rows, local.ticker(), readers);
    this.byId = new ById<>(local, readers, JobViews::read, job -> job.state().isFinal());
    this.self = HostInfo.buildFromEndpoint(settings.advertised());
  }

  @Override
  public int shards() {
    return settings.shards();
  }

  @Override
  public Owner ownerOf(int shard) {
    if (shards.containsKey(shard)) {
      return new Owner.Local();
    }
    TopicPartition partition = new TopicPartition(settings.topics().log(), shard);
    for (var client : nodes()) {
      if (client.topicPartitions().contains(partition) && !client.hostInfo().equals(self)) {
        return new Owner.Remote(client.host(), client.port());
      }
    }
    return new Owner.Unknown();
  }

  /** None while the engine starts or stops. */
  private Collection<StreamsMetadata> nodes() {
    try {
      return streams.metadataForAllStreamsClients();
    } catch (StreamsNotStartedException | IllegalStateException _) {
      return List.of();
    }
  }

  @Override
  public CompletableFuture<Answer> find(JobId job) {
    return answer(byId.find(job));
  }

  @Override
  public CompletableFuture<TokenStanding> token(JobId job, TokenHash token) {
    return CompletableFuture.supplyAsync(
        () -> TokenStanding.of(local.rows(job.shard()), job, token), readers);
  }

  @Override
  public CompletableFuture<Answer> awaitFinal(JobId job, Duration atMost) {
    return answer(byId.awaitFinal(job, atMost));
  }

  @Override
  public CompletableFuture<Listing> list(JobFilter filter, @Nullable JobId below, int limit) {
    Set<Integer> here = Set.copyOf(shards.keySet());
    for (ShardStatus status : shards.values()) {
      if (!status.caughtUp() || !local.isAlive(status)) {
        String why = "shard " + status.number() + " is not up to date with its log";
        return CompletableFuture.completedFuture(new Listing.Unavailable(why));
      }
    }
    return lists
        .list(here, filter, below, limit)
        .exceptionally(
            failure -> new Listing.Unavailable("a shard cannot be read: " + failure.getMessage()));
  }

  @Override
  public CompletableFuture<BulkActionView> bulk(JobId bulk) {
    int home = bulk.shard();
    return CompletableFuture.supplyAsync(
            () -> shards.containsKey(home) && !local.rows(home).has(BULKS, bulk), readers)
        .thenCompose(
            isNew ->
                isNew
                    ? local.logEnds().of(home).thenCompose(end -> reached(home, end - 1))
                    : CompletableFuture.completedFuture(null))
        .thenApplyAsync(_ -> bulkParts(bulk), readers);
  }

  private BulkActionView bulkParts(JobId bulk) {
    List<BulkActionView.Part> parts = new ArrayList<>();
    Set<Integer> here = Set.copyOf(shards.keySet());
    for (int shard : here) {
      BulkActionRow row = local.rows(shard).get(BULKS, bulk);
      if (row != null) {
        parts.add(BulkActionView.of(shard, row));
      }
    }
    return new BulkActionView(here, parts);
  }

  @Override
  public CompletableFuture<BulkActionViews> bulks(@Nullable JobId below, int limit) {
    return CompletableFuture.supplyAsync(() -> newestBulks(below, limit), readers);
  }

  private BulkActionViews newestBulks(@Nullable JobId below, int limit) {
    Map<JobId, List<BulkActionView.Part>> parts = new HashMap<>();
    Set<Integer> here = Set.copyOf(shards.keySet());
    Range<JobId> range = below == null ? BULKS.all() : BULKS.before(below);
    for (int shard : here) {
      Rows rows = local.rows(shard);
      List<Bytes> newest = rows.keysBack(range.from(), range.to(), limit).keys();
      for (Bytes key : newest.subList(0, Math.min(limit, newest.size()))) {
        JobId bulk = BULKS.keyOf(key);
        BulkActionRow row = rows.get(BULKS, bulk);
        if (row != null) {
          parts.computeIfAbsent(bulk, _ -> new ArrayList<>()).add(BulkActionView.of(shard, row));
        }
      }
    }
    return new BulkActionViews(here, parts);
  }

  @Override
  public CompletableFuture<Void> reached(int shard, long offset) {
    return here(shard)
        .thenCompose(status -> status.awaitEnd(offset + 1))
        .orTimeout(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure ->
                away(
                    failure,
                    "shard " + shard + " has not reached " + offset + " within " + CATCH_UP));
  }

  @Override
  public CompletableFuture<Optional<FirstSubmit>> firstSubmit(int shard, JobSpec spec) {
    if (spec.idempotency() == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return here(shard)
        .thenApplyAsync(
            _ -> {
              Submitted first = local.rows(shard).get(SUBMITTED, spec);
              return Optional.ofNullable(first)
                  .map(row -> new FirstSubmit(row.job(), row.bodyHi(), row.bodyLo()));
            },
            readers)
        .exceptionallyCompose(
            failure -> away(failure, "shard " + shard + " cannot be read: " + failure));
  }

  @Override
  public CompletableFuture<Optional<JobLog>> log(JobId job) {
    return find(job)
        .thenApplyAsync(
            answer ->
                switch (answer) {
                  case Answer.Found _ ->
                      Optional.ofNullable(JobLog.read(local.rows(job.shard()), job));
                  case Answer.Missing _ -> Optional.empty();
                  case Answer.Unavailable(var why) ->
                      throw new CompletionException(new UnavailableException(why));
                },
            readers);
  }

  @Override
  public CompletableFuture<List<QueueCount>> queueCounts() {
    return CompletableFuture.supplyAsync(
        () -> {
          List<QueueCount> counts = new ArrayList<>();
          shards.values().forEach(status -> counts.addAll(QueueReads.counts(status)));
          return counts;
        },
        readers);
  }

  @Override
  public NodeRuns runs() {
    return runs.now();
  }

  @Override
  public CompletableFuture<FailureView> failures(@Nullable String queue, @Nullable String type) {
    for (ShardStatus status : shards.values()) {
      if (!status.caughtUp() || !local.isAlive(status)) {
        return CompletableFuture.failedFuture(
            new UnavailableException("shard " + status.number() + " is not up to date"));
      }
    }
    return CompletableFuture.supplyAsync(
        () ->
            FailureView.sum(
                shards.values().stream()
                    .map(each -> FailureView.of(each.number(), each.rows(), queue, type))
                    .toList()),
        readers);
  }

  @Override
  public @Nullable EventRing events(int shard) {
    ShardStatus status = shards.get(shard);
    return status == null ? null : status.events();
  }

  @Override
  public CompletableFuture<List<ShardUse>> use() {
    return CompletableFuture.supplyAsync(
        () -> {
          List<ShardUse> uses = new ArrayList<>();
          shards.values().forEach(status -> uses.add(QueueReads.use(status)));
          return uses;
        },
        readers);
  }

  @Override
  public CompletableFuture<List<ShardQueue>> queue(String queue) {
    List<CompletableFuture<ShardQueue>> asked = new ArrayList<>();
    shards.forEach(
        (shard, status) ->
            asked.add(
                local
                    .logEnds()
                    .of(shard)
                    .thenCompose(status::awaitEnd)
                    .orTimeout(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApplyAsync(_ -> queue(shard, queue), readers)));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
  }

  private ShardQueue queue(int shard, String queue) {
    Rows rows = local.rows(shard);
    QueueRow settings = rows.get(SETTINGS, queue);
    long revision = settings == null ? -1 : settings.revision();
    return new ShardQueue(shard, revision, unfinished(Counts.of(rows, queue)));
  }

  private static long unfinished(Counts counts) {
    long jobs = 0;
    for (JobState state : JobState.values()) {
      jobs += state.isFinal() ? 0 : counts.of(state);
    }
    return jobs;
  }

  @Override
  public List<ShardFormat> formats() {
    return shards.values().stream()
        .map(status -> new ShardFormat(status.number(), status.logFormat()))
        .toList();
  }

  @Override
  public Health health() {
    KafkaStreams.State state = streams.state();
    boolean runs = state == KafkaStreams.State.RUNNING;
    Set<Integer> here = Set.copyOf(shards.keySet());
    return upToDate.look(
        new UpToDate.Look(
            runs ? null : "the engine is " + state,
            !runs && state.isShuttingDown(),
            here.size(),
            local.behind().size(),
            settings.shards()),
        local.ticker().nanos(),
        wall.instant());
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }

  private static CompletableFuture<Answer> answer(CompletableFuture<Optional<JobView>> found) {
    return found
        .thenApply(job -> job.<Answer>map(Answer.Found::new).orElseGet(Answer.Missing::new))
        .exceptionally(failure -> new Answer.Unavailable(ById.why(failure)));
  }

  private CompletableFuture<ShardStatus> here(int shard) {
    ShardStatus status = shards.get(shard);
    if (status == null) {
      return CompletableFuture.failedFuture(
          new UnavailableException("shard " + shard + " is not here"));
    }
    return local.isAlive(status)
        ? CompletableFuture.completedFuture(status)
        : CompletableFuture.failedFuture(
            new UnavailableException("shard " + shard + " does not read its log at present"));
  }

  private static <T> CompletableFuture<T> away(Throwable failure, String why) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return CompletableFuture.failedFuture(
        cause instanceof UnavailableException ? cause : new UnavailableException(why));
  }
}
