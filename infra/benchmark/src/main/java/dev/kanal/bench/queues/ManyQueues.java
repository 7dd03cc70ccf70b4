package dev.kanal.bench.queues;

import dev.kanal.bench.cost.Cost;
import dev.kanal.bench.kanal.Latencies;
import dev.kanal.bench.kanal.Probes;
import dev.kanal.bench.kanal.Server;
import dev.kanal.bench.latency.Latency;
import dev.kanal.bench.latency.OpenLoop;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import dev.kanal.bench.run.Trial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * One process with many queues.
 *
 * @param whole how many of them
 * @param scaledDown how many if it is to be quick
 */
record ManyQueues(int whole, int scaledDown) implements Contender.Run {
  private static final int AT_ONCE_PER_SECOND = 1_000;
  private static final int AFTER_PAUSE_PER_SECOND = 10;
  private static final int CALLERS = 16;
  private static final Duration AGAIN = Duration.ofMillis(200);

  @Override
  public Measures of(Trial trial) throws Exception {
    List<String> queues =
        IntStream.range(0, trial.size(whole, scaledDown)).mapToObj(i -> "queue-" + i).toList();
    Duration quiet = Duration.ofSeconds(trial.size(30, 15));
    Measures measures = new Measures();
    try (Server server = Server.up(trial.directory());
        ReadyWatch watch = new ReadyWatch(server.address())) {
      Probes.await(server.address(), 0);
      make(server.address(), queues, trial.size(100, 20), measures);
      LockSupport.parkNanos(quiet.toNanos());
      Latency.putStart(measures, afterPause(server.address(), queues));
      LockSupport.parkNanos(quiet.toNanos());
      measures.put(Queues.UNREADY, watch.end());
      Cost.putIdle(measures, server, quiet);
      return measures;
    }
  }

  /** Each queue is made by its first job. */
  private static void make(
      InetSocketAddress server, List<String> queues, int atOnce, Measures measures)
      throws IOException, InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    OpenLoop burst = new OpenLoop(AT_ONCE_PER_SECOND, CALLERS);
    long begun = System.nanoTime();
    for (int from = 0; from < queues.size(); from += atOnce) {
      List<String> some = queues.subList(from, Math.min(from + atOnce, queues.size()));
      burst.run(
          Duration.ofSeconds(some.size()).dividedBy(AT_ONCE_PER_SECOND),
          each(server, some, refused));
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    measures
        .put(Queues.MADE, queues.size() / seconds)
        .put(Queues.FIRST, Probes.await(server, queues.size()).p99())
        .put(Queues.REFUSED, refused.get());
  }

  private static Latencies.Summary afterPause(InetSocketAddress server, List<String> queues)
      throws IOException, InterruptedException {
    new OpenLoop(AFTER_PAUSE_PER_SECOND, CALLERS)
        .run(
            Duration.ofSeconds(queues.size()).dividedBy(AFTER_PAUSE_PER_SECOND),
            each(server, queues, new AtomicInteger()));
    return Probes.await(server, queues.size());
  }

  /**
   * Callers that submit a probe to each of the queues.
   *
   * @param refused counts calls that were refused for a while, and made again
   */
  private static OpenLoop.Callers each(
      InetSocketAddress server, List<String> queues, AtomicInteger refused) {
    LinkedBlockingQueue<String> left = new LinkedBlockingQueue<>(queues);
    return () -> new InTurn(new Probes(server), left, refused);
  }

  /**
   * Submits a probe to the next queue.
   *
   * @param left queues without one; of all callers
   */
  private record InTurn(Probes probes, LinkedBlockingQueue<String> left, AtomicInteger refused)
      implements OpenLoop.Caller {
    @Override
    public void call(long dueMicros) throws IOException {
      String queue = left.remove();
      while (!probes.offer(queue, dueMicros)) {
        refused.incrementAndGet();
        LockSupport.parkNanos(AGAIN.toNanos());
      }
    }

    @Override
    public void close() throws IOException {
      probes.close();
    }
  }
}
