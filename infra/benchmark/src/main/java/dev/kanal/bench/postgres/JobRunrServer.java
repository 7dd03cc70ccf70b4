package dev.kanal.bench.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.BackgroundJobRequest;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr with one kind of job, {@value #WORKERS} workers, and the shortest poll interval that it
 * allows on a database: 5 seconds. Jobs are requests with a handler, which spares it the analysis
 * of lambdas. One at a time in a JVM; usable from any thread.
 */
public final class JobRunrServer implements AutoCloseable {
  private static final int WORKERS = 20;
  private static final int CONNECTIONS = 40;
  private static final Duration POLL_EVERY = Duration.ofSeconds(5);

  /** JobRunr creates the handlers, which find here what to do. */
  private static final AtomicReference<Consumer<String>> HANDLER =
      new AtomicReference<>(data -> {});

  private final HikariDataSource pool;
  private final StorageProvider storage;

  private JobRunrServer(HikariDataSource pool) {
    this.pool = pool;
    this.storage = new PostgresStorageProvider(pool);
  }

  /** A job; JobRunr stores it as JSON. */
  public record Noop(String data) implements JobRequest {
    @Override
    public Class<NoopHandler> getJobRequestHandler() {
      return NoopHandler.class;
    }
  }

  /** A new one for each job. */
  public static final class NoopHandler implements JobRequestHandler<Noop> {
    @Override
    public void run(Noop job) {
      HANDLER.get().accept(job.data());
    }
  }

  /**
   * @param handler given the data of each job
   */
  public static JobRunrServer start(Postgres postgres, Consumer<String> handler) {
    HANDLER.set(handler);
    JobRunrServer server = new JobRunrServer(postgres.pool(CONNECTIONS));
    JobRunr.configure()
        .useJsonMapper(new JacksonJsonMapper())
        .useStorageProvider(server.storage)
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andPollInterval(POLL_EVERY)
                .andWorkerCount(WORKERS))
        .initialize();
    return server;
  }

  /** One job, due at once. */
  public void submit(String data) {
    BackgroundJobRequest.enqueue(new Noop(data));
  }

  /** {@code count} jobs in bulk, due at once. */
  public void submit(int count, String data) {
    BackgroundJobRequest.enqueue(Stream.generate(() -> new Noop(data)).limit(count));
  }

  /** How many have succeeded, by its storage. */
  public long succeeded() {
    return storage.countJobs(StateName.SUCCEEDED);
  }

  @Override
  public void close() {
    var _ = JobRunr.destroy();
    pool.close();
  }
}
