package dev.kanal.common.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ControlCodecTest {
  private static final JobId JOB = JobId.of(5, 1_700_000_000_123L, 77);
  private static final Run RUN = new Run(JOB, 3, new WorkerRef("w1", 9));

  private static final List<ControlMessage> ALL =
      List.of(
          new ControlMessage.CancelRun(JOB, 3),
          new ControlMessage.Granted(RUN),
          new ControlMessage.Drop(RUN),
          new ControlMessage.Drain(RUN.worker()),
          new ControlMessage.QueueMade("mail"));

  /** The bytes of version 1: never changed, only added to. */
  @Test
  void shouldWriteTheBytesOfVersion1() {
    assertEquals(
        List.of(
            "0101018bcfe5687b7005800000000000004d06",
            "0102018bcfe5687b7005800000000000004d060477310000000000000009",
            "0103018bcfe5687b7005800000000000004d060477310000000000000009",
            "01040477310000000000000009",
            "0105086d61696c"),
        ALL.stream().map(each -> HexFormat.of().formatHex(ControlCodec.encode(each))).toList());
  }

  @Test
  void shouldReadWhatItWrites_andRefuseWhatEndsEarlyOrIsLater() {
    for (ControlMessage message : ALL) {
      byte[] whole = ControlCodec.encode(message);
      assertEquals(message, ControlCodec.decode(whole));
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThrows(UnreadableException.class, () -> ControlCodec.decode(cut));
      }
      whole[0] = ControlCodec.VERSION + 1;
      assertThrows(UnreadableException.class, () -> ControlCodec.decode(whole));
    }
  }
}
