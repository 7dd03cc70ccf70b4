package dev.kanal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedStartTest {
  @TempDir Path directory;

  @Test
  void shouldSayInUse_whenAnotherKafkaOfThisProcessHasTheDirectory() {
    try (var first = EmbeddedKafka.persistent(directory, 0)) {
      var refused = refusal(EmbeddedKafkaConfig.single(directory, 0));

      assertEquals(Problem.IN_USE, refused.problem());
      assertTrue(
          refused.getMessage().contains("process " + ProcessHandle.current().pid()),
          refused.getMessage());
      assertEquals(1, first.nodes());
    }
  }

  @Test
  void shouldSayInUseAndNameTheProcess_whenAnotherProcessHasTheDirectory() throws Exception {
    try (var owner = KafkaOwnerApplication.start(directory)) {
      var refused = refusal(EmbeddedKafkaConfig.single(directory, 0));

      assertEquals(Problem.IN_USE, refused.problem());
      assertTrue(refused.getMessage().contains("process " + owner.pid()), refused.getMessage());
    }
  }

  @Test
  void shouldSayNotWritable_whenThePathIsAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertEquals(Problem.NOT_WRITABLE, refusal(EmbeddedKafkaConfig.single(file, 0)).problem());
    assertEquals(
        Problem.NOT_WRITABLE,
        refusal(EmbeddedKafkaConfig.single(file.resolve("below"), 0)).problem());
  }

  @Test
  void shouldSayNotWritable_whenTheFileSystemIsReadOnly() {
    Path readOnly = Path.of("/proc/kanal");

    assertEquals(Problem.NOT_WRITABLE, refusal(EmbeddedKafkaConfig.single(readOnly, 0)).problem());
  }

  @Test
  void shouldSayNotADataDirectoryAndTouchNothing_whenItHoldsSomethingElse() throws Exception {
    Path thesis = Files.writeString(directory.resolve("thesis.txt"), "x");

    var refused = refusal(EmbeddedKafkaConfig.single(directory, 0));

    assertEquals(Problem.NOT_A_DATA_DIRECTORY, refused.problem());
    assertTrue(refused.getMessage().contains("thesis.txt"), refused.getMessage());
    try (var entries = Files.list(directory)) {
      assertEquals(thesis, entries.findFirst().orElseThrow());
    }
  }

  @Test
  void shouldSayNotADataDirectory_whenTheDataIsOfAnotherShapeOrLayout() throws Exception {
    Path marker = directory.resolve("kanal-kafka");

    Files.writeString(marker, "layout=1\nnodes=3\ncluster.id=4L6g3nShT-eMCtK--X86sw\n");
    assertEquals(
        Problem.NOT_A_DATA_DIRECTORY, refusal(EmbeddedKafkaConfig.single(directory, 0)).problem());
    Files.writeString(marker, "layout=2\nnodes=1\ncluster.id=4L6g3nShT-eMCtK--X86sw\n");
    assertEquals(
        Problem.NOT_A_DATA_DIRECTORY, refusal(EmbeddedKafkaConfig.single(directory, 0)).problem());
  }

  @Test
  void shouldSayDiskFull_whenLessSpaceIsLeftThanRequired() {
    var config = EmbeddedKafkaConfig.single(directory, 0).withMinFreeBytes(Long.MAX_VALUE);

    assertEquals(Problem.DISK_FULL, refusal(config).problem());
  }

  @Test
  void shouldSayPortTakenAndFreeTheDirectory_whenSomethingListensOnThePort() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config = EmbeddedKafkaConfig.single(directory, other.getLocalPort());
      var refused = refusal(config);

      assertEquals(Problem.PORT_TAKEN, refused.problem());
      assertTrue(
          refused.getMessage().contains(Integer.toString(other.getLocalPort())),
          refused.getMessage());
      assertEquals(Problem.PORT_TAKEN, refusal(config).problem());
    }
  }

  @Test
  void shouldFreeDirectoryAndPort_whenTheBrokerItselfCannotStart() {
    var config = EmbeddedKafkaConfig.single(directory, new Ports().take(0));

    var refused =
        refusal(config.withBrokerSetting("group.share.persister.class.name", "no.such.Persister"));

    assertEquals(Problem.START_FAILED, refused.problem(), refused.getMessage());
    assertTrue(refused.getMessage().contains("no.such.Persister"), refused.getMessage());
    try (var kafka = EmbeddedKafka.start(config)) {
      assertEquals(1, kafka.nodes());
    }
  }

  private static EmbeddedKafkaException refusal(EmbeddedKafkaConfig config) {
    return assertThrows(EmbeddedKafkaException.class, () -> EmbeddedKafka.start(config).close());
  }
}
