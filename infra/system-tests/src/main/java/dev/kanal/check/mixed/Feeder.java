package dev.kanal.check.mixed;

import dev.kanal.check.history.Accepted;
import dev.kanal.check.history.Spec;
import dev.kanal.check.load.AcceptedJob;
import dev.kanal.check.load.ChunkSettlement;
import dev.kanal.check.mix.Kind;
import dev.kanal.check.mix.MixedJob;
import dev.kanal.check.server.Pause;
import dev.kanal.check.server.Servers;
import dev.kanal.check.server.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Submits the jobs of a mix in order, one request at a time, so that what was submitted first is
 * known. Used once.
 */
final class Feeder {
  private static final int CHUNK_LINES = 100;

  /** The server's problem code for a deadline that has passed. */
  private static final String OVERTAKEN = "Expected a time in the future";

  private final Session session;
  private final Servers servers;
  private final JobBodies bodies;
  private final Ledger ledger;
  private final Canceller canceller;
  private final AtomicInteger fed = new AtomicInteger();

  Feeder(Session session, JobBodies bodies, Ledger ledger, Canceller canceller) {
    this.session = session;
    this.servers = session.servers();
    this.bodies = bodies;
    this.ledger = ledger;
    this.canceller = canceller;
  }

  /** For people; grows while {@link #run} works. */
  int fed() {
    return fed.get();
  }

  /** Returns when all were accepted or refused, or the time of the run is over. */
  void run(List<MixedJob> mix, Duration over) throws InterruptedException {
    List<MixedJob> jobs = mix.stream().filter(job -> job.kind() != Kind.REPEATED).toList();
    long start = System.nanoTime();
    for (int from = 0; from < jobs.size(); from += CHUNK_LINES) {
      long due = start + over.toNanos() * from / jobs.size();
      Pause.real().of(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      feed(jobs.subList(from, Math.min(jobs.size(), from + CHUNK_LINES)));
    }
  }

  private void feed(List<MixedJob> chunk) throws InterruptedException {
    List<MixedJob> left = chunk;
    for (int tries = 1; !left.isEmpty(); tries++) {
      ChunkSettlement settlement = send(left);
      List<MixedJob> overtaken = overtaken(left, settlement);
      if (overtaken.isEmpty()) {
        settlement.refusals().forEach(ledger::refuse);
      }
      left = Stream.concat(overtaken.stream(), settlement.again().stream().map(left::get)).toList();
      if (settlement.mayExistTwice() > 0) {
        left.forEach(this::doubt);
      }
      if (settlement.away() == null) {
        session.patience().answered();
      } else if (tries % servers.size() == 0) {
        session.patience().pause(settlement.away(), tries);
      }
      if (session.deadline().passed()) {
        left.forEach(job -> ledger.refuse("number " + job.spec().index() + ": not in time"));
        return;
      }
    }
  }

  /** Jobs that were refused, if all were as their deadline passed before they arrived. */
  private static List<MixedJob> overtaken(List<MixedJob> sent, ChunkSettlement settlement) {
    Set<Integer> others = new HashSet<>(settlement.again());
    settlement.accepted().forEach(job -> others.add(job.index()));
    boolean late =
        !settlement.refusals().isEmpty()
            && settlement.refusals().stream().allMatch(text -> text.contains(OVERTAKEN));
    return late
        ? IntStream.range(0, sent.size())
            .filter(line -> !others.contains(line))
            .mapToObj(sent::get)
            .filter(job -> job.spec().timing().deadline() > 0)
            .toList()
        : List.of();
  }

  private ChunkSettlement send(List<MixedJob> jobs) throws InterruptedException {
    long now = Ledger.now() / 1_000;
    List<byte[]> lines = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    for (MixedJob job : jobs) {
      numbers.add(lines.size());
      lines.add((bodies.body(job, now) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    ChunkSettlement settlement = ChunkSettlement.of(numbers, servers.next().bulk(lines));
    long answered = Ledger.now();
    for (AcceptedJob accepted : settlement.accepted()) {
      MixedJob job = jobs.get(accepted.index());
      ledger.accept(new Accepted(job.spec().index(), accepted.id(), now * 1_000, answered));
      canceller.accepted(job, accepted.id());
      fed.incrementAndGet();
    }
    settlement.faults().forEach(ledger::refuse);
    return settlement;
  }

  private void doubt(MixedJob job) {
    ledger.sendTwice();
    Spec.Key key = job.spec().key();
    if (key != null) {
      ledger.doubtOrder(key.name());
    }
  }
}
