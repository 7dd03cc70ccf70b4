package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.MemberPlace;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.MemberBits.End;
import dev.kanal.scheduler.engine.flow.MemberBits.Place;
import dev.kanal.scheduler.engine.table.Lookup;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of the members of a flow, and the ids of their jobs, for readers. One thread. */
public final class MemberPlaces {
  private final Lookup rows;
  private final JobId flow;
  private final FlowSpec spec;
  private final int shards;
  private @Nullable Part open;
  private MemberBits bits = new MemberBits();

  /**
   * @param shards how many there are
   */
  public MemberPlaces(Lookup rows, JobId flow, FlowSpec spec, int shards) {
    this.rows = rows;
    this.flow = flow;
    this.spec = spec;
    this.shards = shards;
  }

  public End end(int number, int index) {
    return bits(number, index).end(index);
  }

  /** The last job of a member that is known; of one that has begun. */
  public JobId job(int number, StepRow row, int index) {
    StepKind kind = spec.steps().get(number).kind();
    Place noted = bits(number, index).place(index);
    int shard = noted == null ? Places.usual(kind, flow.shard(), index, shards) : noted.shard();
    int stage = noted == null ? lastStage(kind, number, index) : noted.stage();
    MemberTemplate.Made made = Objects.requireNonNull(row.made(), "when it was made");
    String name = spec.steps().get(number).name();
    return made.id(flow, name, new MemberPlace(shard, index, stage));
  }

  /** Places of members of chains are noted unless they ended with the last stage, at home. */
  private int lastStage(StepKind kind, int number, int index) {
    boolean ended = bits(number, index).end(index) != End.NONE;
    return ended && kind instanceof StepKind.Map map ? map.chain().size() - 1 : 0;
  }

  private MemberBits bits(int number, int index) {
    Part part = new Part(flow, number, MemberBits.row(index));
    if (!part.equals(open)) {
      MemberBits known = rows.get(FlowTables.MEMBERS, part);
      bits = known == null ? new MemberBits() : known;
      open = part;
    }
    return bits;
  }
}
