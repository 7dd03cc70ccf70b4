package dev.kanal.check.waiting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The memory of the process that listens on a port of this machine, as Linux reports it. */
final class ServerMemory {
  private static final String LISTENS = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;

  private final @Nullable Path process;

  private ServerMemory(@Nullable Path process) {
    this.process = process;
  }

  /** Has no figures if the server is elsewhere, or this is no Linux. */
  static ServerMemory of(URI url) {
    int port = url.getPort();
    if (port < 0 || !Files.isDirectory(Path.of("/proc/self"))) {
      return new ServerMemory(null);
    }
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      sockets.addAll(listening(Path.of(table), ":%04X".formatted(port)));
    }
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return new ServerMemory(
          processes
              .filter(entry -> entry.getFileName().toString().matches("\\d+"))
              .filter(entry -> holds(entry, sockets))
              .findFirst()
              .orElse(null));
    } catch (IOException | UncheckedIOException e) {
      return new ServerMemory(null);
    }
  }

  /** Resident now, and the most so far; empty if it is not known. */
  Optional<String> text() {
    if (process == null) {
      return Optional.empty();
    }
    try {
      List<String> status = Files.readAllLines(process.resolve("status"));
      return Optional.of(
          "the server's process %s: resident %d MiB now, %d MiB at most so far"
              .formatted(
                  process.getFileName(), mebibytes(status, "VmRSS:"), mebibytes(status, "VmHWM:")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long mebibytes(List<String> status, String name) {
    return status.stream()
            .filter(line -> line.startsWith(name))
            .map(line -> line.replaceAll("\\D", ""))
            .mapToLong(Long::parseLong)
            .sum()
        / 1024;
  }

  private static Set<String> listening(Path table, String port) {
    Set<String> sockets = new HashSet<>();
    try {
      for (String line : Files.readAllLines(table)) {
        String[] words = line.strip().split("\\s+");
        if (words.length > INODE && words[STATE].equals(LISTENS) && words[LOCAL].endsWith(port)) {
          sockets.add("socket:[" + words[INODE] + "]");
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return sockets;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
