package dev.kanal.scheduler.engine.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogFormat;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.table.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a shard notes of its log's format, and who opens it then. */
final class LogFormatTest {
  private static final Shards SHARDS = new Shards(16);
  private static final int FLOWS = LogFormat.FLOWS.number();

  private final MapStore store = new MapStore();
  private final List<String> quarantined = new ArrayList<>();
  private long offset;

  @Test
  void shouldNoteTheFormat_whenItIsActivated_andKeepIt() {
    Shard shard = open(LogFormat.FLOWS);
    append(shard, new Tick());
    assertEquals(LogFormat.JOBS.number(), shard.logFormat());
    append(shard, new FormatActivated(FLOWS));
    assertEquals(FLOWS, shard.logFormat());
    append(shard, new FormatActivated(LogFormat.JOBS.number()));
    append(shard, new Tick());
    append(shard, new FormatActivated(FLOWS));
    assertEquals(FLOWS, shard.logFormat());
    assertEquals(FLOWS, open(LogFormat.FLOWS).logFormat());
    assertEquals(List.of(), quarantined);
  }

  @Test
  void shouldIgnoreAFormatThatItDoesNotRead() {
    Shard old = open(LogFormat.JOBS);
    append(old, new FormatActivated(FLOWS));
    assertEquals(LogFormat.JOBS.number(), old.logFormat());
    append(open(LogFormat.FLOWS), new FormatActivated(FLOWS + 1));
    assertEquals(LogFormat.JOBS.number(), Meta.of(store).logFormat());
    assertEquals(List.of(), quarantined);
  }

  @Test
  void shouldRefuseToOpenAShard_whenItsLogMayHaveWhatIsNotRead() {
    append(open(LogFormat.FLOWS), new FormatActivated(FLOWS));
    NewerLogException refused = assertThrows(NewerLogException.class, () -> open(LogFormat.JOBS));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.startsWith("Expected a log of format 1 or older"), said);
    assertTrue(said.contains("shard 3 has format 2"), said);
    assertTrue(said.contains("start the newer release"), said);
  }

  /** They read this row before anything else, and know of no formats. */
  @Test
  void shouldKeepOutTheFirstReleases_onlyOnceAFormatIsActivated() {
    Shard shard = open(LogFormat.FLOWS);
    append(shard, new Tick());
    assertEquals(offset, readByFirstRelease(row()));
    append(shard, new FormatActivated(FLOWS));
    assertThrows(UnreadableException.class, () -> readByFirstRelease(row()));
  }

  private byte[] row() {
    byte[] row = store.get(Tables.META);
    assertTrue(row != null, "the row is there");
    return row;
  }

  /** The offset, as release 0.1.0 reads the row. */
  private static long readByFirstRelease(byte[] row) {
    return Codec.open(row, 4).getLong();
  }

  private Shard open(LogFormat reads) {
    Decisions decisions = new Decisions(EngineRules.DEFAULT, SHARDS, reads);
    return new Shard(
        3,
        store,
        new EffectSink() {
          @Override
          public void accept(Effect effect) {}

          @Override
          public void quarantine(byte[] record, String why) {
            quarantined.add(why);
          }
        },
        new Shard.Deciding(decisions, EngineRules.DEFAULT, SHARDS, reads));
  }

  private void append(Shard shard, LogEntry entry) {
    shard.apply(LogCodec.encode(entry), ++offset, 1_000 + offset);
  }
}
