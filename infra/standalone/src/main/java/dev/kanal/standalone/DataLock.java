package dev.kanal.standalone;

import dev.kanal.embedded.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a data directory to one process; the lock ends with the process. */
final class DataLock implements AutoCloseable {
  private final FileChannel channel;

  private DataLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory.
   *
   * @throws StartProblem if it cannot be made or written, or another process has it
   */
  static DataLock take(Path directory) throws StartProblem {
    try {
      PrivateDirectory.make(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve("process.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StartProblem(
            "the data directory "
                + directory.toAbsolutePath()
                + " is in use by another process: stop that one, or choose another with"
                + " KANAL_DATA");
      }
      return new DataLock(channel);
    } catch (IOException e) {
      throw new StartProblem(
          "the data directory "
              + directory.toAbsolutePath()
              + " cannot be written ("
              + reason(e)
              + "): choose another with KANAL_DATA",
          e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException _ -> "it is a file";
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "it cannot be made";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      case IOException other -> String.valueOf(other.getMessage());
    };
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
