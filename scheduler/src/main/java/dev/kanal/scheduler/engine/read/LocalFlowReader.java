package dev.kanal.scheduler.engine.read;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.JobReader.FirstSubmit;
import dev.kanal.scheduler.engine.query.MemberView;
import dev.kanal.scheduler.engine.query.UnavailableException;
import dev.kanal.scheduler.engine.row.Submitted;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the flows of this node's shards, each question on a virtual thread of its own. */
public final class LocalFlowReader implements FlowReader, AutoCloseable {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final int count;
  private final LocalShards shards;
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kanal-flows-", 0).factory());

  /**
   * @param count of all shards
   */
  public LocalFlowReader(int count, LocalShards shards) {
    this.count = count;
    this.shards = shards;
  }

  @Override
  public CompletableFuture<Answer> find(JobId flow) {
    return ask(flow, status -> findNow(status, flow));
  }

  @Override
  public CompletableFuture<Answer> awaitFinal(JobId flow, Duration atMost) {
    return ask(flow, status -> awaitFinal(status, flow, atMost));
  }

  @Override
  public CompletableFuture<Listing> list(Filter filter, @Nullable JobId below, int limit) {
    Set<Integer> here = Set.copyOf(shards.all().keySet());
    for (ShardStatus status : shards.all().values()) {
      if (!status.caughtUp() || !shards.isAlive(status)) {
        String why = "shard " + status.number() + " is not up to date with its log";
        return CompletableFuture.completedFuture(new Listing.Unavailable(why));
      }
    }
    return CompletableFuture.<Listing>supplyAsync(
            () -> FlowLists.list(here, shards::rows, filter, below, limit), readers)
        .exceptionally(
            failure -> new Listing.Unavailable("a shard cannot be read: " + failure.getMessage()));
  }

  @Override
  public CompletableFuture<Optional<MemberView.Page>> members(
      JobId flow, String step, Set<MemberView.State> states, int from, int limit) {
    return find(flow)
        .thenApplyAsync(
            answer ->
                switch (answer) {
                  case Answer.Found(var found) ->
                      Optional.ofNullable(found.step(step))
                          .map(
                              _ ->
                                  FlowLists.members(
                                      shards.rows(flow.shard()),
                                      found,
                                      new FlowLists.Members(
                                          step, states, from, Math.min(limit, MEMBERS_MAX)),
                                      count));
                  case Answer.Missing _ -> Optional.empty();
                  case Answer.Unavailable(var why) ->
                      throw new CompletionException(new UnavailableException(why));
                },
            readers);
  }

  @Override
  public CompletableFuture<Optional<FirstSubmit>> firstSubmit(int shard, String key) {
    return read(shard, () -> firstNow(shard, key));
  }

  @Override
  public CompletableFuture<Optional<JsonBytes>> event(JobId flow, String event) {
    FlowTables.Named named = new FlowTables.Named(flow, event);
    return read(
        flow.shard(),
        () -> Optional.ofNullable(shards.rows(flow.shard()).get(FlowTables.EVENTS, named)));
  }

  private <T> CompletableFuture<T> read(int shard, Supplier<T> reading) {
    return CompletableFuture.supplyAsync(reading, readers)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    new UnavailableException("shard " + shard + " cannot be read: " + failure)));
  }

  private Optional<FirstSubmit> firstNow(int shard, String key) {
    Submitted first = shards.rows(shard).get(FlowTables.SUBMITTED, key);
    return Optional.ofNullable(first)
        .map(row -> new FirstSubmit(row.job(), row.bodyHi(), row.bodyLo()));
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }

  private CompletableFuture<Answer> ask(JobId flow, Question question) {
    ShardStatus status = shards.all().get(flow.shard());
    if (status == null || !shards.isAlive(status)) {
      return CompletableFuture.completedFuture(
          new Answer.Unavailable(
              "shard "
                  + flow.shard()
                  + (status == null ? " is not here" : " does not read its log at present")));
    }
    return CompletableFuture.completedFuture(status)
        .thenComposeAsync(question::put, readers)
        .exceptionally(
            failure ->
                new Answer.Unavailable(
                    "shard " + flow.shard() + " cannot be read: " + failure.getMessage()));
  }

  /** On a miss, the answer waits until everything that stands in the log now has been applied. */
  private CompletableFuture<Answer> findNow(ShardStatus status, JobId flow) {
    FlowView found = read(flow);
    if (found != null) {
      return CompletableFuture.completedFuture(new Answer.Found(found));
    }
    return shards
        .logEnds()
        .of(flow.shard())
        .thenCompose(status::awaitEnd)
        .orTimeout(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(
            _ -> {
              FlowView late = read(flow);
              return late == null ? new Answer.Missing() : new Answer.Found(late);
            },
            readers);
  }

  private CompletableFuture<Answer> awaitFinal(ShardStatus status, JobId flow, Duration atMost) {
    ShardStatus.FinalWaiter waiter = status.awaitFinal(flow);
    return findNow(status, flow)
        .thenCompose(
            answer -> {
              if (!(answer instanceof Answer.Found(var view)) || view.state().isFinal()) {
                return CompletableFuture.completedFuture(answer);
              }
              return waiter
                  .ended()
                  .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS)
                  .thenComposeAsync(_ -> findNow(status, flow), readers);
            })
        .whenComplete((_, _) -> status.forget(waiter));
  }

  private @Nullable FlowView read(JobId flow) {
    Rows rows = shards.rows(flow.shard());
    return FlowView.read(rows, flow);
  }

  /** A question to a shard that is here. */
  private interface Question {
    CompletableFuture<Answer> put(ShardStatus status);
  }
}
