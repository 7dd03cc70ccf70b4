package dev.kanal.common.log;

import static dev.kanal.common.log.FlowSpecCodec.readList;
import static dev.kanal.common.log.FlowSpecCodec.writeList;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowEntry.AddItems;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.CancelMembers;
import dev.kanal.common.log.FlowEntry.DeleteFlow;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.FlowEntry.ForgetJobs;
import dev.kanal.common.log.FlowEntry.ForgetMembers;
import dev.kanal.common.log.FlowEntry.ForgetStep;
import dev.kanal.common.log.FlowEntry.Member;
import dev.kanal.common.log.FlowEntry.Members;
import dev.kanal.common.log.FlowEntry.RetryFlow;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.common.log.FlowEntry.StartFlow;
import dev.kanal.common.template.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of what concerns flows, behind version and kind; of templates and items in rows. */
public final class FlowCodec {
  static final int START = 80;
  static final int CANCEL = 81;
  static final int RETRY = 82;
  static final int SIGNAL = 83;
  static final int ADD_ITEMS = 84;
  static final int DELETE = 85;
  static final int MEMBERS = 86;
  static final int CANCEL_MEMBERS = 87;
  static final int FORGET_MEMBERS = 88;
  static final int FORGET_STEP = 89;
  static final int ENDED = 90;
  static final int FORGET_JOBS = 91;

  private static final int NO_ITEM = 0;
  private static final int VALUE = 1;
  private static final int WHOLE = 2;

  /** Of the jobs in it: it has been the newest since there are flows. */
  private static final int JOB_VERSION = 2;

  private static final MemberTemplate.Kind[] KINDS = MemberTemplate.Kind.values();
  private static final JobState[] STATES = JobState.values();

  private FlowCodec() {}

  static boolean isKind(int kind) {
    return kind >= START && kind <= FORGET_JOBS;
  }

  static int kind(FlowEntry entry) {
    return switch (entry) {
      case StartFlow _ -> START;
      case CancelFlow _ -> CANCEL;
      case RetryFlow _ -> RETRY;
      case SignalFlow _ -> SIGNAL;
      case AddItems _ -> ADD_ITEMS;
      case DeleteFlow _ -> DELETE;
      case Members _ -> MEMBERS;
      case CancelMembers _ -> CANCEL_MEMBERS;
      case ForgetMembers _ -> FORGET_MEMBERS;
      case ForgetStep _ -> FORGET_STEP;
      case ForgetJobs _ -> FORGET_JOBS;
      case Ended _ -> ENDED;
    };
  }

  static void write(BinaryWriter out, FlowEntry entry) {
    LogCodec.writeJob(out, entry.flow());
    switch (entry) {
      case StartFlow(_, var spec, var trace) -> {
        FlowSpecCodec.write(out, spec);
        SpecCodec.writeTrace(out, trace);
      }
      case CancelFlow(_, var all) -> out.putBoolean(all);
      case RetryFlow(_, var from, var deadline) ->
          out.putNullableString(from).putNullableInstant(deadline);
      case SignalFlow(_, var event, var payload) -> out.putString(event).putBytes(payload.utf8());
      case AddItems(_, var step, var sequence, var items, var close) -> {
        writeList(out.putString(step).putLong(sequence), items, FlowCodec::writeItem);
        out.putBoolean(close);
      }
      case DeleteFlow _ -> {}
      case Members(_, var step, var round, var template, var members) -> {
        out.putString(step).putInt(round).putBoolean(template != null);
        if (template != null) {
          writeTemplate(out, template);
        }
        writeList(out, members, (to, each) -> writeItem(to.putInt(each.index()), each.item()));
      }
      case CancelMembers(_, var step, var round, var why, var indices) ->
          writeList(
              out.putString(step).putInt(round).putByte(why.code()), indices, BinaryWriter::putInt);
      case ForgetMembers(_, var step, var indices) ->
          writeList(out.putString(step), indices, BinaryWriter::putInt);
      case ForgetStep(_, var step) -> out.putString(step);
      case ForgetJobs(_, var jobs) -> writeList(out, jobs, LogCodec::writeJob);
      case Ended(_, var step, var round, var ends) ->
          writeList(out.putString(step).putInt(round), ends, FlowCodec::writeEnd);
    }
  }

  static FlowEntry read(BinaryReader in, int kind) {
    JobId flow = LogCodec.readJob(in);
    return switch (kind) {
      case START -> new StartFlow(flow, FlowSpecCodec.read(in), SpecCodec.readTrace(in));
      case CANCEL -> new CancelFlow(flow, in.getBoolean());
      case RETRY -> new RetryFlow(flow, in.getNullableString(), in.getNullableInstant());
      case SIGNAL -> new SignalFlow(flow, in.getString(), JsonBytes.wrap(in.getBytes()));
      case ADD_ITEMS ->
          new AddItems(
              flow,
              in.getString(),
              in.getLong(),
              readList(in, AddItems.MAX, FlowCodec::readItem),
              in.getBoolean());
      case DELETE -> new DeleteFlow(flow);
      case MEMBERS ->
          new Members(
              flow,
              in.getString(),
              in.getInt(),
              in.getBoolean() ? readTemplate(in) : null,
              readList(in, Members.MAX, from -> new Member(from.getInt(), readNullableItem(from))));
      case CANCEL_MEMBERS ->
          new CancelMembers(
              flow,
              in.getString(),
              in.getInt(),
              readReason(in),
              readList(in, CancelMembers.MAX, BinaryReader::getInt));
      case FORGET_MEMBERS ->
          new ForgetMembers(
              flow, in.getString(), readList(in, ForgetMembers.MAX, BinaryReader::getInt));
      case FORGET_STEP -> new ForgetStep(flow, in.getString());
      case FORGET_JOBS -> new ForgetJobs(flow, readList(in, ForgetJobs.MAX, LogCodec::readJob));
      case ENDED ->
          new Ended(flow, in.getString(), in.getInt(), readList(in, Ended.MAX, FlowCodec::readEnd));
      default -> throw new UnreadableException("Expected a known kind, but found " + kind);
    };
  }

  public static void writeTemplate(BinaryWriter out, MemberTemplate template) {
    out.putByte(template.kind().code());
    writeList(
        out,
        template.stages(),
        (to, stage) -> {
          SpecCodec.writeOptions(to, stage.job());
          to.putBytes(stage.payload().toBytes());
        });
    SpecCodec.writeTrace(out, template.trace());
    out.putLong(template.made().ms()).putInt(template.made().round());
    out.putBoolean(template.wants()).putInt(template.home());
  }

  public static MemberTemplate readTemplate(BinaryReader in) {
    return new MemberTemplate(
        in.getEnum(KINDS),
        readList(
            in,
            Math.max(Owner.STAGES, 32),
            from ->
                new MemberTemplate.Stage(
                    SpecCodec.readOptions(from, JOB_VERSION, JsonBytes.NULL),
                    Template.fromBytes(from.getBytes()))),
        SpecCodec.readTrace(in),
        new MemberTemplate.Made(in.getLong(), in.getInt()),
        in.getBoolean(),
        in.getInt());
  }

  public static void writeItem(BinaryWriter out, @Nullable FlowItem item) {
    switch (item) {
      case null -> out.putByte(NO_ITEM);
      case FlowItem.Value(JsonBytes json) -> out.putByte(VALUE).putBytes(json.utf8());
      case FlowItem.Whole(var job) -> SpecCodec.write(out.putByte(WHOLE), job);
    }
  }

  public static FlowItem readItem(BinaryReader in) {
    FlowItem item = readNullableItem(in);
    if (item == null) {
      throw new UnreadableException("Expected an item, but found none");
    }
    return item;
  }

  public static @Nullable FlowItem readNullableItem(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case NO_ITEM -> null;
      case VALUE -> new FlowItem.Value(JsonBytes.wrap(in.getBytes()));
      case WHOLE -> new FlowItem.Whole(SpecCodec.read(in, JOB_VERSION));
      default -> throw new UnreadableException("Expected an item, but found kind " + kind);
    };
  }

  public static void writeItems(BinaryWriter out, List<FlowItem> items) {
    writeList(out, items, FlowCodec::writeItem);
  }

  /**
   * Reads what {@link #writeItems} wrote.
   *
   * @param max how many there may be
   */
  public static List<FlowItem> readItems(BinaryReader in, int max) {
    return readList(in, max, FlowCodec::readItem);
  }

  private static void writeEnd(BinaryWriter out, MemberEnd end) {
    Reason reason = end.reason();
    JobId job = end.job();
    JsonBytes result = end.result();
    out.putInt(end.index()).putByte(end.stage()).putByte(end.state().code());
    out.putByte(reason == null ? -1 : reason.code()).putBoolean(job != null);
    if (job != null) {
      LogCodec.writeJob(out, job);
    }
    out.putBoolean(result != null);
    if (result != null) {
      out.putBytes(result.utf8());
    }
  }

  private static MemberEnd readEnd(BinaryReader in) {
    return new MemberEnd(
        in.getInt(),
        in.getByte(),
        in.getEnum(STATES),
        LogCodec.readReason(in),
        in.getBoolean() ? LogCodec.readJob(in) : null,
        in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null);
  }

  private static Reason readReason(BinaryReader in) {
    Reason why = LogCodec.readReason(in);
    if (why == null) {
      throw new UnreadableException("Expected a reason, but found none");
    }
    return why;
  }
}
