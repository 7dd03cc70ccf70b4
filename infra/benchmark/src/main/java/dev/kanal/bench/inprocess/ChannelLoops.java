package dev.kanal.bench.inprocess;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.Select;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** For JMH: a virtual thread sends to another. An operation is one item, sent and received. */
public class ChannelLoops {
  private static final int ITEMS = 10_000;
  private static final int BUFFER = 100;

  /** An action for each item. */
  @FunctionalInterface
  private interface Step {
    void run(Integer item) throws InterruptedException;
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void rendezvousJox() {
    Channel<Integer> channel = Channel.newRendezvousChannel();
    exchange(channel::send, _ -> channel.receive());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void rendezvousSynchronous() {
    BlockingQueue<Integer> queue = new SynchronousQueue<>();
    exchange(queue::put, _ -> queue.take());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void rendezvousTransfer() {
    LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
    exchange(queue::transfer, _ -> queue.take());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void bufferedJox() {
    Channel<Integer> channel = Channel.newBufferedChannel(BUFFER);
    exchange(channel::send, _ -> channel.receive());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void bufferedArray() {
    BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(BUFFER);
    exchange(queue::put, _ -> queue.take());
  }

  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void unboundedTransfer() {
    BlockingQueue<Integer> queue = new LinkedTransferQueue<>();
    exchange(queue::put, _ -> queue.take());
  }

  /** The sender takes turns between two channels with a buffer. */
  @Benchmark
  @OperationsPerInvocation(ITEMS)
  public void selectJox() {
    Channel<Integer> even = Channel.newBufferedChannel(BUFFER);
    Channel<Integer> odd = Channel.newBufferedChannel(BUFFER);
    exchange(
        item -> (item % 2 == 0 ? even : odd).send(item),
        _ -> Select.select(even.receiveClause(), odd.receiveClause()));
  }

  private static void exchange(Step send, Step receive) {
    CompletableFuture<Void> sent = start(send);
    CompletableFuture<Void> received = start(receive);
    sent.join();
    received.join();
  }

  private static CompletableFuture<Void> start(Step step) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    var _ = Thread.startVirtualThread(() -> all(step, done));
    return done;
  }

  private static void all(Step step, CompletableFuture<Void> done) {
    try {
      for (int item = 0; item < ITEMS; item++) {
        step.run(item);
      }
      done.complete(null);
    } catch (InterruptedException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }
}
