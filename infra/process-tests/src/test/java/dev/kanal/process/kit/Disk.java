package dev.kanal.process.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A small disk of a test's own, in memory; skips the test where disks may not be mounted. */
public record Disk(Path root) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public static Disk mount(Path root, int mebibytes) throws IOException {
    Files.createDirectories(root);
    int status = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "none", root + "");
    assumeTrue(status == 0, "needs the right to mount a disk");
    return new Disk(root);
  }

  /** Fills the disk. */
  public void fill() throws IOException {
    int _ = run("dd", "if=/dev/zero", "of=" + root.resolve("filler"), "bs=64k");
    assertEquals(0, Files.getFileStore(root).getUsableSpace());
  }

  /** At once, also while a process has files there open. */
  @Override
  public void close() throws IOException {
    assertEquals(0, run("umount", "--lazy", root.toString()));
  }

  private static int run(String... command) throws IOException {
    try {
      return Program.start(command[0], List.of(command), Map.of()).awaitExit(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command[0] + " was interrupted");
    }
  }
}
