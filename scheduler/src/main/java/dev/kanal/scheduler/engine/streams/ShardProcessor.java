package dev.kanal.scheduler.engine.streams;

import static dev.kanal.scheduler.engine.row.Tables.OUTBOX;
import static dev.kanal.scheduler.engine.row.Tables.SETTINGS;

import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.task.LifecycleRecords;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.scheduler.engine.job.TypeDecisions;
import dev.kanal.scheduler.engine.measure.EngineMetrics;
import dev.kanal.scheduler.engine.measure.JobTracer;
import dev.kanal.scheduler.engine.out.ChildQueueProvisioner;
import dev.kanal.scheduler.engine.out.CommitBarrier;
import dev.kanal.scheduler.engine.out.Dispatcher;
import dev.kanal.scheduler.engine.out.EngineOutputs;
import dev.kanal.scheduler.engine.out.Relay;
import dev.kanal.scheduler.engine.out.ReplayBuffer;
import dev.kanal.scheduler.engine.out.TickLoop;
import dev.kanal.scheduler.engine.read.LocalShards;
import dev.kanal.scheduler.engine.read.QuarantineHeaders;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.shard.EffectSink;
import dev.kanal.scheduler.engine.shard.Shard;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.table.Numbers;
import dev.kanal.scheduler.engine.table.Store;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a {@link Shard} from its partition, and carries its effects. Belongs to a stream thread.
 */
final class ShardProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(ShardProcessor.class);

  private final Shard.Deciding deciding;
  private final LocalShards shards;
  private final Outputs out;
  private final EngineMetrics metrics;
  private final JobTracer tracer;
  private final ReplayBuffer replay;

  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable Shard shard;
  private @Nullable RowBuffer buffer;
  private @Nullable ShardStatus status;
  private @Nullable Relay relay;
  private @Nullable ChildQueueProvisioner wanted;
  private long timeMs;
  private long offset;

  /** Tasks that the record sent again. */
  private int rescued;

  /** Where a shard's effects go. */
  record Outputs(
      EngineOutputs targets, Dispatcher dispatcher, CommitBarrier barrier, TickLoop ticks) {}

  ShardProcessor(
      Shard.Deciding deciding,
      LocalShards shards,
      Outputs out,
      EngineMetrics metrics,
      JobTracer tracer) {
    this.deciding = deciding;
    this.shards = shards;
    this.out = out;
    this.metrics = metrics;
    this.tracer = tracer;
    this.replay = new ReplayBuffer(dispatch -> out.dispatcher.dispatch(number(), dispatch));
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    RowBuffer rows = newContext.getStateStore(Engine.STORE);
    rows.begin();
    buffer = rows;
    int number = newContext.taskId().partition();
    long end = shards.logEnds().ofNow(number);
    Shard opened = new Shard(number, rows, new Effects(), deciding);
    shard = opened;
    Relay sending = new Relay(number, out.targets.log());
    relay = sending;
    resume(rows, number, sending);
    sayRules(rows, number);
    ChildQueueProvisioner wanting =
        new ChildQueueProvisioner(number, out.targets.log(), out.targets.onWanted(), rows.reader());
    wanted = wanting;
    wanting.resume();
    ShardStatus opening =
        new ShardStatus(number, rows.reader(), opened.queues(), end, opened.appliedOffset());
    status = opening;
    TypeDecisions.readKnown(rows, opening::noteTypes, opening::noteReady);
    opening.submitted(opened::submitted);
    opening.logFormat(rows::committedFormat);
    opening.applied(opened.appliedOffset(), opened.nowMs(), opened.nextTickMs());
    opening.alive(shards.ticker().nanos());
    shards.all().put(number, opening);
    out.ticks.wantedEarlier(opening);
    out.barrier.join(number, replay);
  }

  /** From the next record on, by the rules of today; if it gets lost, the next start says it. */
  private void sayRules(Store store, int number) {
    byte[] rules = store.get(Tables.RULES);
    if (rules == null || Numbers.decode(rules) < EngineRules.NEWEST) {
      RulesChanged today = new RulesChanged(EngineRules.NEWEST);
      var _ = out.targets.log().send(new ToShard(number, today));
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Shard mine = shard();
    Objects.requireNonNull(buffer, "buffer").check();
    timeMs = record.timestamp();
    offset = context().recordMetadata().orElseThrow().offset();
    Hop.note(Hop.Place.DECIDING, number(), offset);
    byte[] value = record.value();
    mine.apply(value, offset, record.timestamp());
    if (status().applied(offset, mine.nowMs(), mine.nextTickMs())) {
      out.ticks.wantedEarlier(status());
    }
    status().read(shards.ticker().nanos());
    logRescued();
    if (status().caughtUp()) {
      replay.release();
    }
  }

  @Override
  public void close() {
    ShardStatus mine = status;
    if (mine != null) {
      out.barrier.leave(mine.number());
      shards.all().remove(mine.number(), mine);
      mine.left();
    }
    if (relay != null) {
      relay.close();
    }
    if (wanted != null) {
      wanted.close();
    }
  }

  /** What the shard has to send to others, and may not have sent yet. */
  private void resume(Store store, int number, Relay sending) {
    store.scan(
        OUTBOX,
        (to, entry) -> {
          sending.send(to.shard(), to.number(), entry);
          return true;
        });
    store.scan(
        SETTINGS,
        (queue, row) -> {
          if (deciding.homes().ofQueue(queue) == number) {
            out.targets.settings().publish(queue, row.settings(), row.revision());
          }
          return true;
        });
  }

  private void logRescued() {
    if (rescued > 0) {
      log.warn("{} tasks of shard {} had got lost; they were sent again", rescued, number());
      rescued = 0;
    }
  }

  private int number() {
    return status().number();
  }

  private Shard shard() {
    return initialised(shard);
  }

  private ShardStatus status() {
    return initialised(status);
  }

  private ProcessorContext<byte[], byte[]> context() {
    return initialised(context);
  }

  private static <T> T initialised(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("Expected an initialised processor, but it is not");
    }
    return value;
  }

  private final class Effects implements EffectSink {
    @Override
    public void accept(Effect effect) {
      switch (effect) {
        case Effect.Dispatch dispatch -> {
          if (dispatch.dueMs() > 0) {
            metrics.sentWhenDue(dispatch.dueMs());
          }
          if (status().caughtUp()) {
            out.dispatcher.dispatch(number(), dispatch);
          } else {
            replay.hold(dispatch);
          }
        }
        case Effect.Settled settled -> replay.settled(settled);
        case Effect.Event(var event) -> {
          status().events().add(offset, event);
          metrics.published(event);
          forward(
              Engine.LIFECYCLE_SINK,
              event.job().toString().getBytes(StandardCharsets.UTF_8),
              LifecycleRecords.encode(event));
        }
        case Effect.Ended(var job) -> status().ended(job);
        case Effect.Control(var message) -> {
          var _ = out.targets.control().send(message);
        }
        case Effect.Relay(var to, var sequence, var entry) ->
            initialised(relay).send(to, sequence, entry);
        case Effect.Publish(var queue, var settings, var revision) ->
            out.targets.settings().publish(queue, settings, revision);
        case Effect.Rescued(var job, var dispatch) -> {
          metrics.rescued();
          rescued++;
          log.debug("Dispatch {} of job {} had got lost; the job was sent again", dispatch, job);
        }
        case Effect.Wanted(var channel) -> initialised(wanted).see(channel);
        case Effect.TypesKnown(var queue, var types) -> status().noteTypes(queue, types);
        case Effect.Unhandled(var queue) -> status().noteUnhandled(queue);
        case Effect.Accepted(var row) -> {
          if (status().caughtUp()) {
            tracer.accepted(row, timeMs);
          }
        }
        case Effect.EndedUnreported(var before, var after) -> {
          if (status().caughtUp()) {
            tracer.ended(before, after, timeMs);
          }
        }
        case Effect.Ran ran -> measure(() -> metrics.ran(ran));
        case Effect.Closed(var row) -> measure(() -> metrics.closed(row));
        case Effect.Open(var channel) -> {
          status().noteReady(channel.queue());
          out.dispatcher.open(channel);
        }
        case Effect.Continue() -> out.ticks.append(status(), offset);
      }
    }

    /** What is decided again, since a node was lost, may have been counted there. */
    private void measure(Runnable count) {
      if (status().caughtUp()) {
        count.run();
      }
    }

    @Override
    public void quarantine(byte[] record, String why) {
      Record<byte[], byte[]> refused = new Record<>(null, record, timeMs, new RecordHeaders());
      String source = number() + ":" + offset;
      refused.headers().add(QuarantineHeaders.REASON, why.getBytes(StandardCharsets.UTF_8));
      refused.headers().add(QuarantineHeaders.SOURCE, source.getBytes(StandardCharsets.UTF_8));
      context().forward(refused, Engine.QUARANTINE_SINK);
    }

    private void forward(String sink, byte[] key, byte[] value) {
      context().forward(new Record<>(key, value, timeMs), sink);
    }
  }
}
