package dev.kanal.scheduler.engine.query;

import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Questions about flows to the shards of this node. Usable from any thread; never blocks. The
 * futures complete on an engine thread: hand over before doing work.
 */
public interface FlowReader {
  /** Most members of one answer. */
  int MEMBERS_MAX = 1_000;

  /**
   * Finds a flow of a shard of this node. Reads your writes: a flow is missing only if nothing of
   * it stood in the log when the question was asked.
   */
  CompletableFuture<Answer> find(JobId flow);

  /** The same, once the flow has ended or {@code atMost} is over. */
  CompletableFuture<Answer> awaitFinal(JobId flow, Duration atMost);

  /**
   * The newest flows of this node's shards, without their outputs.
   *
   * @param below only those with lesser ids; null for all
   * @param limit the most flows to find
   */
  CompletableFuture<Listing> list(Filter filter, @Nullable JobId below, int limit);

  /**
   * Members of a step that have begun, in the order of their numbers; empty if there is no such
   * flow or step. Fails with {@link UnavailableException}.
   *
   * @param states those that are meant
   * @param from the first number to look at
   * @param limit the most members, to {@link #MEMBERS_MAX}
   */
  CompletableFuture<Optional<MemberView.Page>> members(
      JobId flow, String step, Set<MemberView.State> states, int from, int limit);

  /**
   * The submit that made the flow which an idempotency key means, as the shard has it now; fails
   * with {@link UnavailableException}. To be asked once the shard has reached what the answer
   * depends on.
   */
  CompletableFuture<Optional<JobReader.FirstSubmit>> firstSubmit(int shard, String key);

  /**
   * The payload of an event that came to a flow; empty if it has not come. Fails with {@link
   * UnavailableException}.
   */
  CompletableFuture<Optional<JsonBytes>> event(JobId flow, String event);

  /** The answer about a flow. */
  sealed interface Answer {
    record Found(FlowView flow) implements Answer {}

    record Missing() implements Answer {}

    /** The shard is not here, or has not caught up with its log in time: ask again later. */
    record Unavailable(String why) implements Answer {}
  }

  /**
   * Which flows are meant.
   *
   * @param states empty for all
   * @param name null for all
   * @param tags that they must have
   */
  record Filter(Set<FlowState> states, @Nullable String name, Map<String, String> tags) {
    public static final Filter ALL = new Filter(Set.of(), null, Map.of());

    public Filter {
      states = Set.copyOf(states);
      tags = Map.copyOf(tags);
    }

    public boolean matches(FlowView flow) {
      return (states.isEmpty() || states.contains(flow.state()))
          && (name == null || name.equals(flow.spec().name()))
          && flow.spec().tags().entrySet().containsAll(tags.entrySet());
    }
  }

  /** What the shards of one node answer to a question for a list of flows. */
  sealed interface Listing {
    /**
     * Some of the flows asked for: all of them down to {@code reached}.
     *
     * @param shards that were looked through
     * @param flows newest first
     * @param reached the flow at which looking ended, if there may be older ones; null at the end
     */
    record Part(Set<Integer> shards, List<FlowView> flows, @Nullable JobId reached)
        implements Listing {
      public Part {
        shards = Set.copyOf(shards);
        flows = List.copyOf(flows);
      }
    }

    /** A shard that is here cannot be looked through now: ask again later. */
    record Unavailable(String why) implements Listing {}
  }
}
