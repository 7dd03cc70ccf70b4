package dev.kanal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FilesCommandTest {
  @TempDir Path directory;

  @Test
  void shouldPass_whenTextBinaryEmptyAndOddlyNamedFilesComeBackWhole() throws IOException {
    Files.createDirectories(directory.resolve("sub folder"));
    Files.writeString(directory.resolve("sub folder/ä %41+#?.txt"), "\uFEFFGrüße\r\n\u0000");
    Files.createFile(directory.resolve("empty"));
    byte[] binary = new byte[100_000];
    new Random(1).nextBytes(binary);
    Files.write(directory.resolve("random.bin"), binary);

    CheckRun run = check(FakeFaults.NONE, "12");

    assertEquals(0, run.status(), run.out() + run.err());
    assertTrue(run.out().contains("serving 3 files"), run.out());
    assertTrue(run.out().contains("files asked for 12 times"), run.out());
  }

  @Test
  void shouldLeaveOutFiles_whenTheyAreHiddenOrDoNotFitAResult() throws IOException {
    Files.createDirectories(directory.resolve(".git"));
    Files.writeString(directory.resolve(".git/config"), "hidden");
    Files.write(directory.resolve("large"), new byte[256 * 1024 + 1]);
    byte[] growsAsBase64 = new byte[200_000];
    new Random(2).nextBytes(growsAsBase64);
    Files.write(directory.resolve("grows"), growsAsBase64);
    Files.writeString(directory.resolve("fits"), "a".repeat(200_000));

    CheckRun run = check(FakeFaults.NONE, "4");

    assertEquals(0, run.status(), run.out() + run.err());
    assertTrue(run.out().contains("serving 1 files"), run.out());
  }

  @Test
  void shouldFail_whenAJobDies() throws IOException {
    Files.writeString(directory.resolve("one"), "1");

    CheckRun run = check(FakeFaults.killing(2), "3");

    assertEquals(1, run.status());
    assertEquals("check FAILED: 1 of 3 break 'every accepted job succeeds'", run.lastLine());
  }

  @Test
  void shouldSayWhatToDo_whenTheDirectoryHasNoFile() {
    CheckRun run = check(FakeFaults.NONE, "3");

    assertEquals(1, run.status());
    assertTrue(run.err().startsWith("Expected files of at most 256 KiB below --dir"), run.err());
    assertEquals(1, run.err().lines().count());
  }

  private CheckRun check(FakeFaults faults, String jobs) {
    try (FakeKanal kanal = FakeKanal.start(faults)) {
      return CheckRun.of(
          "files", "--url", kanal.url(), "--dir", directory.toString(), "--jobs", jobs);
    }
  }
}
