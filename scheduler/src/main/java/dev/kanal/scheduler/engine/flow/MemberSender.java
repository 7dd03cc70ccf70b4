package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry.CancelMembers;
import dev.kanal.common.log.FlowEntry.ForgetMembers;
import dev.kanal.common.log.FlowEntry.ForgetStep;
import dev.kanal.common.log.FlowEntry.Member;
import dev.kanal.common.log.FlowEntry.Members;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.row.Parcel;
import dev.kanal.scheduler.engine.step.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is to be done about members of one step to their shards: to the flow's own by
 * parcels, to others by entries. Belongs to one decision.
 */
final class MemberSender {
  private final OpenFlow flow;
  private final int number;
  private final String name;
  private final Step step;
  private final Map<Integer, List<Member>> members = new TreeMap<>();
  private final Map<Integer, Integer> bytes = new TreeMap<>();
  private final Map<Integer, List<Integer>> indices = new TreeMap<>();

  MemberSender(OpenFlow flow, int number) {
    this.flow = flow;
    this.number = number;
    this.name = flow.name(number);
    this.step = flow.step;
  }

  /** A member is made; to be followed by {@link #flush}. */
  void make(int shard, int index, @Nullable FlowItem item, MemberTemplate template) {
    if (shard == flow.home()) {
      Parcel.Member member = new Parcel.Member(flow.row.status.round(), index, 0);
      parcel(new Parcel.Make(flow.id, name, member, item, null));
      return;
    }
    int size = item == null ? 0 : item.bytes();
    List<Member> open = members.computeIfAbsent(shard, _ -> new ArrayList<>());
    boolean full =
        open.size() == Members.MAX
            || (!open.isEmpty() && bytes.getOrDefault(shard, 0) + size > Members.BYTES_MAX);
    if (full) {
      send(shard, open, template);
    }
    open.add(new Member(index, item));
    bytes.merge(shard, size, Integer::sum);
  }

  /** Sends what is left of members. */
  void flush(MemberTemplate template) {
    members.forEach(
        (shard, open) -> {
          if (!open.isEmpty()) {
            send(shard, open, template);
          }
        });
  }

  private void send(int shard, List<Member> open, MemberTemplate template) {
    StepRow row = flow.change(number);
    boolean known = row.shards.get(shard);
    row.shards.set(shard);
    int round = flow.row.status.round();
    step.relay(shard, new Members(flow.id, name, round, known ? null : template, open));
    open.clear();
    bytes.put(shard, 0);
  }

  void cancel(int shard, int index, Reason why) {
    int round = flow.row.status.round();
    if (shard == flow.home()) {
      parcel(new Parcel.Cancel(flow.id, name, new Parcel.Member(round, index, 0), why));
    } else if (add(shard, index) == CancelMembers.MAX) {
      step.relay(shard, new CancelMembers(flow.id, name, round, why, take(shard)));
    }
  }

  void flushCancels(Reason why) {
    int round = flow.row.status.round();
    for (int shard : List.copyOf(indices.keySet())) {
      step.relay(shard, new CancelMembers(flow.id, name, round, why, take(shard)));
    }
  }

  void forget(int shard, int index) {
    if (shard == flow.home()) {
      parcel(new Parcel.Forget(flow.id, name, index));
    } else if (add(shard, index) == ForgetMembers.MAX) {
      step.relay(shard, new ForgetMembers(flow.id, name, take(shard)));
    }
  }

  void flushForgotten() {
    for (int shard : List.copyOf(indices.keySet())) {
      step.relay(shard, new ForgetMembers(flow.id, name, take(shard)));
    }
  }

  /** No member is left: what shards know of the step goes. */
  void forgetStep(StepRow row) {
    row.shards.stream()
        .forEach(
            shard -> {
              if (shard == flow.home()) {
                parcel(new Parcel.ForgetStep(flow.id, name));
              } else {
                step.relay(shard, new ForgetStep(flow.id, name));
              }
            });
  }

  private int add(int shard, int index) {
    List<Integer> open = indices.computeIfAbsent(shard, _ -> new ArrayList<>());
    open.add(index);
    return open.size();
  }

  private List<Integer> take(int shard) {
    List<Integer> taken = indices.remove(shard);
    return taken == null ? List.of() : taken;
  }

  private void parcel(Parcel parcel) {
    step.put(Parcel.TABLE, step.nextNumber(), parcel);
  }
}
