package dev.kanal.common.door;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded number of places for clients, of which no client can take all: one gets a further place
 * only while it has fewer than are free. So a client alone gets half of them, two get a third each,
 * and there is always one for a newcomer while the clients are few. (The dynamic threshold of
 * Choudhury and Hahne, 1998, with the factor 1.) Usable from any thread.
 */
public final class Places {
  private static final int NETWORK_BYTES = 8;

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  /** Places by client; no entry for a client without any. */
  @GuardedBy("lock")
  private final Map<String, Integer> taken = new HashMap<>();

  /** The sum of {@code taken}. */
  @GuardedBy("lock")
  private int sum;

  /**
   * Places of which all are free.
   *
   * @param most how many there are, at least 2
   */
  public Places(int most) {
    if (most < 2) {
      throw new IllegalArgumentException("Expected at least 2 places, but got " + most);
    }
    this.most = most;
  }

  /**
   * The client that an address stands for: the address itself, or, for IPv6, its /64 network, since
   * a single host has all addresses of that.
   */
  public static String client(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES)) + "/64"
        : address.getHostAddress();
  }

  /** How many there are. */
  public int most() {
    return most;
  }

  /** How many one client alone can have. */
  public int mostOfOne() {
    return (most + 1) / 2;
  }

  /** Takes a place, if the client may have one more; it is given back by {@link #leave}. */
  public boolean enter(String client) {
    lock.lock();
    try {
      int own = taken.getOrDefault(client, 0);
      if (own >= most - sum) {
        return false;
      }
      taken.put(client, own + 1);
      sum++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives one of the client's places back. */
  public void leave(String client) {
    lock.lock();
    try {
      Integer own = taken.get(client);
      if (own == null) {
        throw new IllegalStateException("Expected " + client + " to have a place, but it has none");
      }
      if (own == 1) {
        taken.remove(client);
      } else {
        taken.put(client, own - 1);
      }
      sum--;
    } finally {
      lock.unlock();
    }
  }

  /** How many are taken. */
  public int taken() {
    lock.lock();
    try {
      return sum;
    } finally {
      lock.unlock();
    }
  }
}
