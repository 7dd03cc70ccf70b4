package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.plan.FlowEvent;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.common.template.Filling;
import dev.kanal.common.template.JsonArray;
import dev.kanal.common.template.Template;
import dev.kanal.common.template.TemplateException;
import dev.kanal.scheduler.engine.row.OutboxFill;
import dev.kanal.scheduler.engine.row.Parcel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a step finds out its width and makes members. Belongs to one decision. */
final class Launching {
  /** Entries and bytes in the outbox from which on no members are made. */
  static final long OUTBOX_ENTRIES = 20_000;

  static final long OUTBOX_BYTES = 64L << 20;

  /** Bytes that a flow may give to its members in all. */
  static final long FLOW_BYTES = 1L << 30;

  /** Largest payload of a member. */
  static final int PAYLOAD_MAX = 256 << 10;

  /** Most bytes of all templates of a step, filled at home. */
  private static final int TEMPLATES_MAX = 2 * PAYLOAD_MAX;

  private final OpenFlow flow;
  private final Places places;

  Launching(OpenFlow flow) {
    this.flow = flow;
    this.places = new Places(flow);
  }

  /** Finds out how wide a step is. Answers what is wrong; null if nothing is. */
  @Nullable FlowEvent open(int number) {
    return switch (flow.graph().step(number).kind()) {
      case StepKind.Map(Over.Items(JsonBytes array), _, _) -> openItems(number, array);
      case StepKind.Map(Over.Range range, _, _) -> counted(number, range.width(), true);
      case StepKind.Map(Over.Stream _, _, _) -> counted(number, 0, false);
      case StepKind.Group _ -> counted(number, 0, false);
      case StepKind.Job _ -> counted(number, 1, true);
      case StepKind.Race(List<StepKind.Branch> branches) ->
          counted(number, Places.jobs(branches).size(), true);
      case StepKind.Wait _ ->
          throw new IllegalStateException("Expected a step with members, but " + number + " waits");
    };
  }

  private @Nullable FlowEvent counted(int number, int width, boolean sealed) {
    StepRow row = flow.change(number);
    if (row.counts == null) {
      row.counts = StepCounts.of(width, sealed);
    }
    return null;
  }

  private @Nullable FlowEvent openItems(int number, JsonBytes array) {
    return switch (parse(array).atHome(new FlowValues(flow), PAYLOAD_MAX)) {
      case Filling.Missing<Template> _ ->
          new FlowEvent.StepFailed(number, FlowReason.INPUT_MISSING);
      case Filling.TooLarge<Template> _ ->
          new FlowEvent.StepFailed(number, FlowReason.INPUT_TOO_LARGE);
      case Filling.Filled<Template>(Template filled) -> {
        List<JsonBytes> items = JsonArray.elements(filled.plain()).orElse(null);
        if (items == null) {
          yield new FlowEvent.StepFailed(number, FlowReason.INPUT_NO_ARRAY);
        }
        List<FlowItem> values = items.stream().<FlowItem>map(FlowItem.Value::new).toList();
        ItemRows.append(flow, number, 0, values);
        yield counted(number, values.size(), true);
      }
    };
  }

  private static Template parse(JsonBytes json) {
    try {
      return Template.parse(json);
    } catch (TemplateException e) {
      throw new IllegalStateException("Expected a template that was checked", e);
    }
  }

  /** Makes the next members of a step. Answers what is wrong; null if nothing is. */
  @Nullable FlowEvent launch(int number, int count, Budget budget) {
    OutboxFill outbox = flow.step.outbox();
    if (outbox.entries() >= OUTBOX_ENTRIES || outbox.bytes() >= OUTBOX_BYTES) {
      flow.stall(number);
      return null;
    }
    StepRow row = flow.change(number);
    if (row.made == null) {
      row.made = new MemberTemplate.Made(flow.step.nowMs(), flow.row.status.round());
    }
    StepSpec spec = flow.graph().step(number);
    MemberTemplate template =
        flow.step.get(Parcel.TEMPLATES, new Parcel.StepOf(flow.id, spec.name()));
    if (template == null) {
      Filled filled = fill(number, spec, row.made);
      template = filled.template;
      if (template == null) {
        return new FlowEvent.StepFailed(number, filled.reason);
      }
      flow.step.put(Parcel.TEMPLATES, new Parcel.StepOf(flow.id, spec.name()), template);
      row.shards.set(flow.home());
    }
    make(number, count, template, budget);
    return flow.row.bytes > FLOW_BYTES ? new FlowEvent.FlowFailed(FlowReason.FLOW_TOO_LARGE) : null;
  }

  private void make(int number, int count, MemberTemplate template, Budget budget) {
    StepRow row = flow.change(number);
    MemberSender sender = new MemberSender(flow, number);
    ItemRows items = new ItemRows(flow, number);
    int each = template.stages().isEmpty() ? 0 : size(template);
    int begun = 0;
    while (begun < count && budget.isLeft()) {
      int index = row.next;
      FlowItem item = bounded(number, items.take(index));
      sender.make(places.choose(number, index, item, template), index, item, template);
      int bytes = each + (item == null ? 0 : item.bytes());
      flow.row.bytes += bytes;
      budget.spend(1, bytes);
      row.next++;
      begun++;
    }
    sender.flush(template);
    items.done(row.next);
    row.counts = flow.known(number).withLaunched(begun);
    flow.row.openMembers += begun;
    if (begun < count) {
      flow.due(number);
    }
  }

  private static int size(MemberTemplate template) {
    return template.stages().getFirst().payload().toBytes().length;
  }

  /** A job of a group has the bounds of its flow. */
  private @Nullable FlowItem bounded(int number, @Nullable FlowItem item) {
    if (!(item instanceof FlowItem.Whole(JobSpec job))) {
      return item;
    }
    return new FlowItem.Whole(bounded(job, flow.graph().step(number)));
  }

  private JobSpec bounded(JobSpec job, StepSpec step) {
    Instant all = flow.row.status.deadlineOf(step);
    Instant own = job.deadline();
    Instant deadline = all == null || (own != null && own.isBefore(all)) ? own : all;
    return job.withDeadline(deadline).withRetention(flow.spec().retention());
  }

  /**
   * What came of filling a step's templates.
   *
   * @param template null if that could not be done, for this reason
   */
  private record Filled(@Nullable MemberTemplate template, FlowReason reason) {}

  private Filled fill(int number, StepSpec spec, MemberTemplate.Made made) {
    List<JobSpec> jobs =
        switch (spec.kind()) {
          case StepKind.Job(JobSpec job) -> List.of(job);
          case StepKind.Map(_, _, List<JobSpec> chain) -> chain;
          case StepKind.Race(List<StepKind.Branch> branches) -> Places.jobs(branches);
          case StepKind.Group _, StepKind.Wait _ -> List.of();
        };
    FlowValues values = new FlowValues(flow);
    List<MemberTemplate.Stage> stages = new ArrayList<>();
    int bytes = 0;
    for (JobSpec job : jobs) {
      switch (parse(job.payload()).atHome(values, PAYLOAD_MAX)) {
        case Filling.Missing<Template> _ -> {
          return new Filled(null, FlowReason.INPUT_MISSING);
        }
        case Filling.TooLarge<Template> _ -> {
          return new Filled(null, FlowReason.INPUT_TOO_LARGE);
        }
        case Filling.Filled<Template>(Template payload) -> {
          bytes += payload.toBytes().length;
          JobSpec without = bounded(job.withPayload(JsonBytes.NULL), spec);
          stages.add(new MemberTemplate.Stage(without, payload));
        }
      }
    }
    if (bytes > TEMPLATES_MAX) {
      return new Filled(null, FlowReason.INPUT_TOO_LARGE);
    }
    boolean wants = MemberEnds.areResultsWanted(flow, number);
    return new Filled(
        new MemberTemplate(
            Places.kind(spec.kind()), stages, flow.definition().trace(), made, wants, flow.home()),
        FlowReason.ENGINE_ERROR);
  }
}
