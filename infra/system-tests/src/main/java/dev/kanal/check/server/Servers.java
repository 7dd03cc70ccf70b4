package dev.kanal.check.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers of one system, asked in turn; one that is away is made up for by the next. */
public final class Servers {
  /** A request that may be sent again, to any server. */
  @FunctionalInterface
  public interface Request {
    Answer send(KanalClient client) throws InterruptedException;
  }

  private final List<KanalClient> clients;
  private final Patience patience;
  private final AtomicInteger next = new AtomicInteger();

  Servers(List<KanalClient> clients, Patience patience) {
    this.clients = List.copyOf(clients);
    this.patience = patience;
  }

  public int size() {
    return clients.size();
  }

  /** One of them, another each time. */
  public KanalClient next() {
    return clients.get(Math.floorMod(next.getAndIncrement(), clients.size()));
  }

  /** One of them by its number, which may be any. */
  public KanalClient get(int number) {
    return clients.get(Math.floorMod(number, clients.size()));
  }

  /** Repeats the request until one answers, or the time of the run is over. */
  public Answer ask(Request request) throws InterruptedException {
    int first = next.getAndIncrement();
    for (int tries = 1; ; tries++) {
      Answer answer = request.send(get(first + tries));
      switch (answer) {
        case Answer.Got _ -> {
          patience.answered();
          return answer;
        }
        case Answer.Away away -> {
          boolean allWereAsked = tries % clients.size() == 0;
          if (allWereAsked && !patience.pause(away, tries / clients.size())) {
            return away;
          }
        }
      }
    }
  }
}
