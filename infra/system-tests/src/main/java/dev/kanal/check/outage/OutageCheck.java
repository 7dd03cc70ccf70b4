package dev.kanal.check.outage;

import dev.kanal.check.cluster.Cluster;
import dev.kanal.check.outage.Load.Call;
import dev.kanal.check.promise.PromiseTally;
import dev.kanal.check.promise.Verdict;
import dev.kanal.check.server.Console;
import dev.kanal.check.server.Pause;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One run of the check. Used once. */
final class OutageCheck {
  private static final Duration CALM = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration DONE = Duration.ofSeconds(30);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration TROUBLE = Duration.ofSeconds(20);

  private final PromiseTally answered = new PromiseTally("every call is answered within 5 s");
  private final PromiseTally refused = new PromiseTally("what was refused does not run");
  private final PromiseTally done = new PromiseTally("what was taken runs within 30 s of Kafka");
  private final PromiseTally waits = new PromiseTally("no job waits 10 s for a lost worker");
  private final Cluster cluster;
  private final Called called;
  private final Load load;
  private final Console console;

  OutageCheck(Cluster cluster, Called called, Load load, Console console) {
    this.cluster = cluster;
    this.called = called;
    this.load = load;
    this.console = console;
  }

  Verdict run(int awaySeconds) throws InterruptedException {
    load.start();
    Pause.real().of(CALM.multipliedBy(2));
    long gone = System.nanoTime();
    cluster.killKafka();
    console.say("all brokers are killed; " + awaySeconds + " s until they are started");
    Pause.real().of(Duration.ofSeconds(awaySeconds));
    cluster.startKafka();
    long back = System.nanoTime();
    Pause.real().of(DONE.plus(CALM));
    long calm = System.nanoTime();
    judgeOutage(gone, back, calm);
    judgeWorker("killed", () -> cluster.killWorker(0));
    cluster.startWorker(0);
    Pause.real().of(TROUBLE);
    judgeWorker("frozen", () -> cluster.freezeWorker(1));
    cluster.thawWorker(1);
    Pause.real().of(CALM);
    load.stop();
    Pause.real().of(CALM);
    for (Call call : load.calls()) {
      if (call.refused()) {
        refused.check(
            called.at(call.job()) == null, () -> "job " + call.job() + ": " + call.said());
      }
      answered.check(
          call.took().compareTo(ANSWER) <= 0,
          () -> "%s after %s".formatted(call.said(), Console.time(call.took())));
    }
    Verdict verdict =
        new Verdict(
            List.of(answered.toPromise(), refused.toPromise(), done.toPromise(), waits.toPromise()),
            List.of());
    verdict.table().forEach(console::say);
    console.say(verdict.conclusion());
    return verdict;
  }

  private void judgeOutage(long gone, long back, long calm) {
    List<Call> before = between(Long.MIN_VALUE, gone);
    List<Call> during = between(gone, back);
    List<Call> after = between(back, calm);
    console.say("before: " + said(before));
    console.say("while Kafka was away: " + said(during));
    console.say("after: " + said(after));
    console.say(
        "slowest answer %s; refused jobs that ran all the same: %d"
            .formatted(
                Console.time(slowest(during)),
                during.stream().filter(c -> c.refused() && called.at(c.job()) != null).count()));
    after.stream()
        .filter(Call::taken)
        .min(Comparator.comparingLong(Call::endNanos))
        .ifPresent(
            first ->
                console.say(
                    "the first job was taken %s after all brokers listened"
                        .formatted(Console.time(Duration.ofNanos(first.endNanos() - back)))));
    long until = back + DONE.toNanos();
    for (Call call : load.calls()) {
      if (call.taken() && call.endNanos() < back) {
        Long ran = called.at(call.job());
        done.check(
            ran != null && ran <= until,
            () ->
                "job %d %s".formatted(call.job(), ran == null ? "did not run" : late(ran - back)));
      }
    }
  }

  private static String late(long nanos) {
    return "ran " + Console.time(Duration.ofNanos(nanos)) + " after Kafka's return";
  }

  private void judgeWorker(String what, Trouble trouble) throws InterruptedException {
    long begun = System.nanoTime();
    trouble.make();
    Pause.real().of(TROUBLE);
    long end = System.nanoTime();
    Pause.real().of(WAIT);
    Duration longest = Duration.ZERO;
    int jobs = 0;
    for (Call call : between(begun, end - WAIT.toNanos())) {
      if (call.taken()) {
        Long ran = called.at(call.job());
        Duration wait =
            Duration.ofNanos((ran == null ? System.nanoTime() : ran) - call.begunNanos());
        longest = wait.compareTo(longest) > 0 ? wait : longest;
        jobs++;
        waits.check(
            ran != null && wait.compareTo(WAIT) <= 0,
            () -> "job %d waited %s".formatted(call.job(), Console.time(wait)));
      }
    }
    console.say(
        "a worker is %s: of %d jobs the longest wait was %s"
            .formatted(what, jobs, Console.time(longest)));
  }

  private List<Call> between(long from, long to) {
    return load.calls().stream()
        .filter(call -> (from == Long.MIN_VALUE || call.begunNanos() >= from))
        .filter(call -> call.begunNanos() < to)
        .toList();
  }

  private static Duration slowest(List<Call> calls) {
    return calls.stream().map(Call::took).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  private static String said(List<Call> calls) {
    return new TreeMap<>(
            calls.stream().collect(Collectors.groupingBy(Call::said, Collectors.counting())))
        .toString();
  }

  /** What is done to a worker. */
  private interface Trouble {
    void make() throws InterruptedException;
  }
}
