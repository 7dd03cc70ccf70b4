package dev.kanal.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The schedulers behind one name, resolved again each time, as they come and go. Usable from any
 * thread.
 *
 * @param host a name with an address for each of them
 */
record Schedulers(String host, int port) {
  private static final int CONNECT_MS = 2_000;

  /**
   * A connection to one of them, any that takes it. May block for some seconds.
   *
   * @throws IOException if none takes it
   */
  Socket connect() throws IOException {
    IOException refused = new IOException("no address");
    for (InetAddress address : addresses()) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MS);
        socket.setTcpNoDelay(true);
        return socket;
      } catch (IOException e) {
        socket.close();
        refused = e;
      }
    }
    throw new IOException("none of " + host + ":" + port + " takes the connection", refused);
  }

  private List<InetAddress> addresses() throws UnknownHostException {
    List<InetAddress> all = new ArrayList<>(Arrays.asList(InetAddress.getAllByName(host)));
    Collections.shuffle(all, ThreadLocalRandom.current());
    return all;
  }
}
