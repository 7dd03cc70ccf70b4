package dev.kanal.common.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A worker.
 *
 * @param id stable name; empty means host name and a random part
 * @param queues to take tasks from; {@code *} means every queue
 * @param slots tasks of all queues that may run at once
 * @param poolMin slots that each queue has at least, as far as {@code slots} allow
 * @param poolMax slots that each queue has at most
 * @param grace for running tasks when the worker stops
 * @param handOff after which a running task is leased
 * @param http where a worker that runs by itself listens
 */
public record WorkerConfig(
    String id,
    List<String> queues,
    int slots,
    int poolMin,
    int poolMax,
    Duration grace,
    Duration handOff,
    Http http) {
  private static final int SLOTS_MAX = 200_000;

  private static final Setting<String> ID =
      Setting.text(
          "worker.id",
          "",
          Pattern.compile("[A-Za-z0-9._-]{0,100}"),
          "name of the worker; empty: the host's name and a random part");
  private static final Setting<List<String>> QUEUES =
      Setting.list(
          "worker.queues",
          "*",
          Pattern.compile("[a-z0-9-]{1,63}|\\*"),
          "queues to take tasks from; *: every queue");
  private static final Setting<Integer> SLOTS =
      Setting.integer(
          "worker.slots",
          1_000,
          new Setting.Bounds<>(1, SLOTS_MAX),
          "tasks of all queues that may run at once");
  private static final Setting<Integer> POOL_MIN =
      Setting.integer(
          "worker.pool.min",
          64,
          new Setting.Bounds<>(1, SLOTS_MAX),
          "slots that each queue has at least, as far as worker.slots allows");
  private static final Setting<Integer> POOL_MAX =
      Setting.integer(
          "worker.pool.max",
          SLOTS_MAX,
          new Setting.Bounds<>(1, SLOTS_MAX),
          "slots that each queue has at most; worker.slots if that is less");
  private static final Setting<Duration> GRACE =
      Setting.duration(
          "worker.grace",
          "30s",
          new Setting.Bounds<>(Duration.ZERO, Duration.ofHours(1)),
          "time that running tasks get when the worker stops");
  private static final Setting<Duration> HAND_OFF =
      Setting.duration(
          "worker.hand-off",
          "250ms",
          new Setting.Bounds<>(Duration.ofMillis(10), Duration.ofSeconds(5)),
          "running time after which a task is leased, so that it does not hold up others");

  private static final Setting<String> HTTP_HOST =
      Setting.text(
          "worker.http.host",
          "127.0.0.1",
          Pattern.compile("[A-Za-z0-9._:-]{1,255}"),
          "address at which a worker that runs by itself listens; there is no authentication");
  private static final Setting<Integer> HTTP_PORT =
      Setting.integer(
          "worker.http.port",
          8081,
          new Setting.Bounds<>(-1, 65_535),
          "its port for probes, metrics and drain; 0: a free one, -1: none; a free one too where"
              + " the default is taken");

  static final List<Setting<?>> SETTINGS =
      List.of(ID, QUEUES, SLOTS, POOL_MIN, POOL_MAX, GRACE, HAND_OFF, HTTP_HOST, HTTP_PORT);

  /**
   * Where it listens.
   *
   * @param port 0 for a free one, -1 for none
   * @param given whether this port was asked for; if not, a free one is used when it is taken
   */
  public record Http(String host, int port, boolean given) {
    public static final Http NONE = new Http("127.0.0.1", -1, true);

    public Http {
      HTTP_HOST.check(host);
      HTTP_PORT.check(port);
    }
  }

  public WorkerConfig {
    queues = List.copyOf(queues);
    ID.check(id);
    QUEUES.check(queues);
    SLOTS.check(slots);
    POOL_MIN.check(poolMin);
    POOL_MAX.check(poolMax);
    if (poolMin > poolMax) {
      throw new RelationException(
          "Expected at least worker.pool.min, %d, but got %d".formatted(poolMin, poolMax),
          POOL_MAX,
          POOL_MIN);
    }
    GRACE.check(grace);
    HAND_OFF.check(handOff);
  }

  public static WorkerConfig from(Settings settings) {
    return new WorkerConfig(
        settings.get(ID),
        settings.get(QUEUES),
        settings.get(SLOTS),
        settings.get(POOL_MIN),
        settings.get(POOL_MAX),
        settings.get(GRACE),
        settings.get(HAND_OFF),
        new Http(settings.get(HTTP_HOST), settings.get(HTTP_PORT), settings.isGiven(HTTP_PORT)));
  }

  /** The same worker with another grace. */
  public WorkerConfig withGrace(Duration other) {
    return new WorkerConfig(id, queues, slots, poolMin, poolMax, other, handOff, http);
  }
}
