package dev.kanal.bench.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.kanal.bench.run.Ports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A fresh cluster of PostgreSQL, with the settings that a careful operator would choose for many
 * writes. Its guarantees stay as they are by default: a commit is on disk before it is answered.
 * Belongs to one thread.
 */
public final class Postgres implements AutoCloseable {
  private static final String USER = "bench";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "shared_buffers=512MB",
          "max_wal_size=4GB",
          "checkpoint_timeout=15min",
          "max_connections=200");

  private final Programs programs;
  private final Path data;
  private final Process process;
  private final String url;

  private Postgres(Programs programs, Path data, Process process, String url) {
    this.programs = programs;
    this.data = data;
    this.process = process;
    this.url = url;
  }

  /** Why none can be started on this machine; empty if one can. */
  public static String missing() {
    return Programs.missing();
  }

  /**
   * Makes a cluster and starts it.
   *
   * @param directory others may traverse it, if the server runs as another user
   */
  public static Postgres start(Path directory) throws IOException, InterruptedException {
    Programs programs = Programs.find();
    Path data = Files.createDirectory(directory.resolve("postgres"));
    if (programs.runAs().isPresent()) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      Files.setOwner(data, Programs.principal(programs.runAs().get()).orElseThrow());
    }
    File log = directory.resolve("postgres.log").toFile();
    Process made =
        process(
            programs.command(
                "initdb",
                "--pgdata=" + data,
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale"),
            log);
    if (made.waitFor() != 0) {
      throw new IOException(
          "Expected initdb to make a cluster:\n" + Files.readString(log.toPath()));
    }
    int port = Ports.free();
    List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", "" + port));
    SETTINGS.forEach(each -> arguments.addAll(List.of("-c", each)));
    Process server = process(programs.command("postgres", arguments.toArray(String[]::new)), log);
    Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
    String url = "jdbc:postgresql://127.0.0.1:%d/postgres?user=%s".formatted(port, USER);
    Postgres postgres = new Postgres(programs, data, server, url);
    postgres.awaitReady(log);
    return postgres;
  }

  /** Connections to it, at most {@code connections}. */
  public HikariDataSource pool(int connections) {
    return pool(url, connections);
  }

  /** The same from another process, which has the {@link #url} of it. */
  public static HikariDataSource pool(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** Of JDBC. */
  public String url() {
    return url;
  }

  /** The processor time that its still running processes have used so far, in seconds. */
  public double cpuSeconds() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .flatMap(each -> each.info().totalCpuDuration().stream())
        .mapToDouble(used -> used.toMillis() / 1e3)
        .sum();
  }

  @Override
  public void close() {
    try {
      process(
              programs.command("pg_ctl", "stop", "--mode=fast", "--pgdata=" + data),
              data.resolveSibling("postgres.log").toFile())
          .waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException e) {
      // It is killed below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private void awaitReady(File log) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException(
            "Expected PostgreSQL to be ready within "
                + START
                + ":\n"
                + Files.readString(log.toPath()));
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private boolean isReady() {
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Its working directory is one that every user may read. */
  private static Process process(List<String> command, File log) throws IOException {
    return new ProcessBuilder(command)
        .directory(new File("/"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
