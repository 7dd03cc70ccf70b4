package dev.kanal.common.log;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What concerns a flow; its id is made as a job's, and so names its home shard. */
public sealed interface FlowEntry extends LogEntry {
  JobId flow();

  /** To a flow's home: what users ask for. */
  sealed interface FlowCommand extends FlowEntry {}

  /** From a flow's home to the shards of its members, or back. */
  sealed interface MemberEntry extends FlowEntry {}

  /** A new flow. */
  record StartFlow(JobId flow, FlowSpec spec, TraceContext trace) implements FlowCommand {}

  /**
   * The flow ends as soon as its members have.
   *
   * @param all also the steps that are there for its end
   */
  record CancelFlow(JobId flow, boolean all) implements FlowCommand {}

  /**
   * A final flow is run again.
   *
   * @param from this step, and all that depend on it, too; null for what did not succeed alone
   * @param deadline instead of the one before; null to keep that
   */
  record RetryFlow(JobId flow, @Nullable String from, @Nullable Instant deadline)
      implements FlowCommand {}

  /** An event came; the first of a name counts. */
  record SignalFlow(JobId flow, String event, JsonBytes payload) implements FlowCommand {
    /** Largest payload, in bytes; a larger one is not taken. */
    public static final int PAYLOAD_MAX = 64 << 10;
  }

  /**
   * Members of a stream or group.
   *
   * @param sequence from 1, without gaps; one that has been taken is not taken again
   * @param items at most {@link #MAX}
   * @param close whether no more will come
   */
  record AddItems(JobId flow, String step, long sequence, List<FlowItem> items, boolean close)
      implements FlowCommand {
    public static final int MAX = 1_000;

    /** Items that may wait in a step; while there are more, none are taken. */
    public static final int WAITING_MAX = 10_000;

    public AddItems {
      items = checked("items", items, MAX);
    }
  }

  /** A flow that has ended is forgotten, with its members. */
  record DeleteFlow(JobId flow) implements FlowCommand {}

  /**
   * Members are to be made.
   *
   * @param template how; null if the shard has it since an entry before
   */
  record Members(
      JobId flow, String step, int round, @Nullable MemberTemplate template, List<Member> members)
      implements MemberEntry {
    public static final int MAX = 32;

    /** Most bytes of items, unless a single one is larger. */
    public static final int BYTES_MAX = 64 << 10;

    public Members {
      members = checked("members", members, MAX);
    }
  }

  /**
   * One of them.
   *
   * @param item what it is about; null if it has none
   */
  record Member(int index, @Nullable FlowItem item) {}

  /** Members that are out are to be cancelled. */
  record CancelMembers(JobId flow, String step, int round, Reason why, List<Integer> indices)
      implements MemberEntry {
    public static final int MAX = 64;

    public CancelMembers {
      indices = checked("indices", indices, MAX);
    }
  }

  /** Members that have ended are to be forgotten. */
  record ForgetMembers(JobId flow, String step, List<Integer> indices) implements MemberEntry {
    public static final int MAX = 64;

    public ForgetMembers {
      indices = checked("indices", indices, MAX);
    }
  }

  /** Jobs of members that have ended are to be forgotten, where a shard cannot tell their ids. */
  record ForgetJobs(JobId flow, List<JobId> jobs) implements MemberEntry {
    public static final int MAX = 64;

    public ForgetJobs {
      jobs = checked("jobs", jobs, MAX);
    }
  }

  /** No member of the step is left; what the shard knows of it goes, too. */
  record ForgetStep(JobId flow, String step) implements MemberEntry {}

  /** To the owner: members have ended. */
  record Ended(JobId flow, String step, int round, List<MemberEnd> ends) implements MemberEntry {
    public static final int MAX = 32;

    /** Most bytes of results, unless a single one is larger. */
    public static final int BYTES_MAX = 256 << 10;

    public Ended {
      ends = checked("ends", ends, MAX);
    }
  }

  private static <T> List<T> checked(String what, List<T> list, int max) {
    if (list.size() > max) {
      throw new IllegalArgumentException(
          "Expected at most " + max + " " + what + ", but got " + list.size());
    }
    return List.copyOf(list);
  }
}
