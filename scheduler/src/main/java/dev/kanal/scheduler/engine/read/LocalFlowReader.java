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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the flows of this node's shards, each question on a virtual thread of its own. */
public final class LocalFlowReader implements FlowReader, AutoCloseable {
  private final int count;
  private final LocalShards shards;
  private final ById<FlowView> byId;
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kanal-flows-", 0).factory());

  /**
   * @param count of all shards
   */
  public LocalFlowReader(int count, LocalShards shards) {
    this.count = count;
    this.shards = shards;
    this.byId = new ById<>(shards, readers, FlowView::read, flow -> flow.state().isFinal());
  }

  @Override
  public CompletableFuture<Answer> find(JobId flow) {
    return answer(byId.find(flow));
  }

  @Override
  public CompletableFuture<Answer> awaitFinal(JobId flow, Duration atMost) {
    return answer(byId.awaitFinal(flow, atMost));
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
    FlowLists.Members meant =
        new FlowLists.Members(step, states, from, Math.min(limit, MEMBERS_MAX));
    return byId.find(flow)
        .thenApplyAsync(
            found ->
                found
                    .filter(each -> each.step(step) != null)
                    .map(each -> FlowLists.members(shards.rows(flow.shard()), each, meant, count)),
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

  private static CompletableFuture<Answer> answer(CompletableFuture<Optional<FlowView>> found) {
    return found
        .thenApply(flow -> flow.<Answer>map(Answer.Found::new).orElseGet(Answer.Missing::new))
        .exceptionally(failure -> new Answer.Unavailable(ById.why(failure)));
  }
}
