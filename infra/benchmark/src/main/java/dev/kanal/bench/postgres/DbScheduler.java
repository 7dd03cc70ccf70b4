package dev.kanal.bench.postgres;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * db-scheduler with one kind of one-time task. It polls by lock-and-fetch, which fetches and picks
 * in one statement, and fetches ahead ({@value #LOWER_LIMIT} and {@value #UPPER_LIMIT} times its
 * threads), so that they are kept busy. It takes data as bytes, so that nothing is spent on
 * serializing. Usable from any thread.
 */
public final class DbScheduler implements AutoCloseable {
  private static final Serializer PLAIN = new Plain();
  private static final String TASK = "noop";
  private static final double LOWER_LIMIT = 1.0;
  private static final double UPPER_LIMIT = 4.0;

  /** Connections beside those of the threads: for polling, the heartbeat and submits. */
  private static final int MORE_CONNECTIONS = 20;

  /** Where one process submits and executes: what is due later is all that it polls for. */
  public static final Duration POLL_OFTEN = Duration.ofMillis(50);

  private final InstantSource wall = InstantSource.system();
  private final AtomicLong ids = new AtomicLong();
  private final LongAdder executed = new LongAdder();
  private final HikariDataSource pool;
  private final Scheduler scheduler;

  private DbScheduler(
      HikariDataSource pool, int threads, Duration pollEvery, Consumer<byte[]> handler) {
    this.pool = pool;
    OneTimeTask<byte[]> task =
        Tasks.oneTime(TASK, byte[].class)
            .execute(
                (instance, context) -> {
                  handler.accept(instance.getData());
                  executed.increment();
                });
    this.scheduler =
        Scheduler.create(pool, task)
            .schedulerName(new SchedulerName.Fixed("bench"))
            .threads(threads)
            .pollUsingLockAndFetch(LOWER_LIMIT, UPPER_LIMIT)
            .pollingInterval(pollEvery)
            .enableImmediateExecution()
            .serializer(PLAIN)
            .build();
  }

  /**
   * @param pollEvery the interval of its looks for tasks that others have submitted, or that were
   *     to wait
   * @param handler given the data of each task
   */
  public static DbScheduler start(
      Postgres postgres, int threads, Duration pollEvery, Consumer<byte[]> handler)
      throws IOException, SQLException {
    HikariDataSource pool = postgres.pool(threads + MORE_CONNECTIONS);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(ddl());
    }
    DbScheduler started = new DbScheduler(pool, threads, pollEvery, handler);
    started.scheduler.start();
    return started;
  }

  /** Submits to a scheduler in another process; usable from any thread. */
  public static Consumer<byte[]> client(String url, int connections) {
    SchedulerClient client =
        SchedulerClient.Builder.create(Postgres.pool(url, connections)).serializer(PLAIN).build();
    AtomicLong ids = new AtomicLong();
    InstantSource wall = InstantSource.system();
    return data -> {
      String id = Long.toString(ids.incrementAndGet());
      client.scheduleIfNotExists(new TaskInstance<>(TASK, id, data), wall.instant());
    };
  }

  /** One task, due at once. */
  public void submit(byte[] data) {
    scheduler.schedule(instance(data), wall.instant());
  }

  /** {@code count} tasks in one batch, due at once. */
  public void submit(int count, byte[] data) {
    List<TaskInstance<?>> batch =
        IntStream.range(0, count).<TaskInstance<?>>mapToObj(i -> instance(data)).toList();
    scheduler.scheduleBatch(batch, wall.instant());
  }

  /** How many handlers have returned. */
  public long executed() {
    return executed.sum();
  }

  /** Whether nothing is left: a task that has ended is deleted. */
  public boolean isEmpty() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select 1 from scheduled_tasks limit 1")) {
      return !rows.next();
    }
  }

  @Override
  public void close() {
    scheduler.stop();
    pool.close();
  }

  private TaskInstance<byte[]> instance(byte[] data) {
    return new TaskInstance<>(TASK, Long.toString(ids.incrementAndGet()), data);
  }

  private static String ddl() throws IOException {
    try (InputStream in = DbScheduler.class.getResourceAsStream("db-scheduler.sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Bytes as they are. */
  private static final class Plain implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] bytes) {
      return type.cast(bytes);
    }
  }
}
