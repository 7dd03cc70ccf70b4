package dev.kanal.scheduler.engine.step;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.Tables.ChannelType;
import dev.kanal.scheduler.engine.row.Tables.QueueState;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/** The keys of a job's timers and of its places in indexes and lines, as its row has them. */
final class DerivedKeys {
  private DerivedKeys() {}

  static List<Bytes> of(JobRow row) {
    JobStatus status = row.status();
    JobId id = row.id();
    String queue = row.spec().queue();
    JobKey key = row.spec().key();
    List<Bytes> keys = new ArrayList<>(4);
    switch (row.state()) {
      case SCHEDULED, RETRYING -> keys.add(Timers.key(status.dueMs(), TimerKind.START, id));
      case QUEUED -> keys.add(Tables.QUEUED.key(row.channel(), status.offset(), id));
      case BLOCKED -> {
        if (status.gate() == Gate.QUEUE) {
          keys.add(Tables.BLOCKED.key(row.channel(), status.offset(), id));
        } else if (status.gate() == Gate.KEY && key != null) {
          keys.add(Tables.LINES.key(new Pair(queue, key.value()), status.offset(), id));
        } else if (status.gate() == Gate.TYPE) {
          ChannelType type = new ChannelType(row.channel(), row.spec().type());
          keys.add(Tables.BLOCKED_BY_TYPE.key(type, status.offset(), id));
        }
      }
      case RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> {}
    }
    WorkerRef worker = status.lease().worker();
    if (worker != null) {
      keys.add(Timers.key(status.lease().untilMs(), TimerKind.LEASE, id));
      keys.add(Tables.LEASES.key(worker, id));
    }
    if (status.lingers()) {
      keys.add(Tables.LINGERING.key(queue, id));
    }
    if (Tables.FILED_STATES.contains(row.state())) {
      keys.add(Tables.FILED.key(new QueueState(queue, row.state()), id));
    }
    var deadline = row.spec().deadline();
    if (deadline != null && !row.state().isFinal()) {
      keys.add(Timers.key(deadline.toEpochMilli(), TimerKind.DEADLINE, id));
    }
    return keys;
  }
}
