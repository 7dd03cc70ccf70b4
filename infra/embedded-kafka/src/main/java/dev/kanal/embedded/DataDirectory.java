package dev.kanal.embedded;

import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A directory that one embedded Kafka owns from {@link #open} to {@link #close}.
 *
 * <p>It holds {@code lock} (locked while open, names the owner's process), {@code kanal-kafka} (the
 * cluster's id and shape, written once before anything else) and a directory per node.
 */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String MARKER = "kanal-kafka";
  private static final String LAYOUT = "1";
  private static final int MAX_OWNER_BYTES = 64;

  private final Path root;
  private final FileChannel lockChannel;
  private final String clusterId;
  private final long minFreeBytes;

  private DataDirectory(Path root, FileChannel lockChannel, String clusterId, long minFreeBytes) {
    this.root = root;
    this.lockChannel = lockChannel;
    this.clusterId = clusterId;
    this.minFreeBytes = minFreeBytes;
  }

  static DataDirectory open(EmbeddedKafkaConfig config) {
    Path root = config.dataDirectory();
    @Nullable FileChannel lock = null;
    try {
      PrivateDirectory.make(root);
      refuseForeign(root);
      lock = lock(root);
      requireSpace(root, config.minFreeBytes());
      var opened =
          new DataDirectory(root, lock, clusterId(root, config.nodes()), config.minFreeBytes());
      lock = null;
      return opened;
    } catch (FileAlreadyExistsException e) {
      throw new EmbeddedKafkaException(
          Problem.NOT_WRITABLE,
          "Expected a directory at %s, but it is a file".formatted(e.getFile()),
          e);
    } catch (IOException e) {
      throw StartProblems.ofIo(root, e);
    } finally {
      if (lock != null) {
        closeQuietly(lock);
      }
    }
  }

  String clusterId() {
    return clusterId;
  }

  /** Adds to a fault's message that the disk is full, since Kafka does not always say so. */
  String explain(String fault) {
    try {
      long free = freeBytes(root);
      return free >= minFreeBytes
          ? fault
          : "%s; only %d MiB are free at %s".formatted(fault, free >> 20, root);
    } catch (IOException e) {
      return "%s; %s cannot be looked at: %s".formatted(fault, root, e);
    }
  }

  Path node(int id) {
    return root.resolve("node-" + id);
  }

  @Override
  public void close() {
    closeQuietly(lockChannel);
  }

  private static void refuseForeign(Path root) throws IOException {
    if (Files.exists(root.resolve(MARKER))) {
      return;
    }
    try (var entries = Files.list(root)) {
      var foreign =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !name.equals(LOCK) && !name.startsWith(MARKER))
              .findFirst();
      if (foreign.isPresent()) {
        throw new EmbeddedKafkaException(
            Problem.NOT_A_DATA_DIRECTORY,
            "Expected an empty directory or Kanal's Kafka data at %s, but it holds %s"
                .formatted(root, foreign.get()));
      }
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    Path file = root.resolve(LOCK);
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        String owner = readOwner(channel);
        closeQuietly(channel);
        throw new EmbeddedKafkaException(
            Problem.IN_USE,
            "Expected the data directory %s to be free, but %s uses it".formatted(root, owner));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(ownName().getBytes(StandardCharsets.UTF_8)), 0);
      return channel;
    } catch (IOException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String ownName() {
    return "process " + ProcessHandle.current().pid();
  }

  private static String readOwner(FileChannel channel) throws IOException {
    var buffer = ByteBuffer.allocate(MAX_OWNER_BYTES);
    int length = channel.read(buffer, 0);
    return length <= 0
        ? "another process"
        : new String(buffer.array(), 0, length, StandardCharsets.UTF_8);
  }

  private static void requireSpace(Path root, long minFreeBytes) throws IOException {
    long free = freeBytes(root);
    if (free < minFreeBytes) {
      throw new EmbeddedKafkaException(
          Problem.DISK_FULL,
          "Expected %d MiB free at %s, but only %d MiB are"
              .formatted(minFreeBytes >> 20, root, free >> 20));
    }
  }

  private static long freeBytes(Path root) throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  private static String clusterId(Path root, int nodes) throws IOException {
    Path marker = root.resolve(MARKER);
    if (!Files.exists(marker)) {
      writeMarker(marker, Uuid.randomUuid().toString(), nodes);
    }
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(marker)));
    requireEntry(root, properties, "layout", LAYOUT);
    requireEntry(root, properties, "nodes", Integer.toString(nodes));
    String id = properties.getProperty("cluster.id", "");
    if (id.isBlank()) {
      throw new EmbeddedKafkaException(
          Problem.NOT_A_DATA_DIRECTORY,
          "Expected a cluster id in %s, but found none".formatted(marker));
    }
    return id;
  }

  /** Written aside and moved, so that a crash leaves either no marker or a whole one. */
  private static void writeMarker(Path marker, String clusterId, int nodes) throws IOException {
    Path part = marker.resolveSibling(MARKER + ".part");
    Files.writeString(
        part, "layout=%s\nnodes=%d\ncluster.id=%s\n".formatted(LAYOUT, nodes, clusterId));
    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, marker, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void requireEntry(Path root, Properties found, String key, String expected) {
    @Nullable String value = found.getProperty(key);
    if (!expected.equals(value)) {
      throw new EmbeddedKafkaException(
          Problem.NOT_A_DATA_DIRECTORY,
          "Expected Kafka data with %s=%s at %s, but found %s=%s"
              .formatted(key, expected, root, key, value));
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      StartProblems.LOG.debug(
          "The lock file could not be closed; the lock ends with the process", e);
    }
  }
}
