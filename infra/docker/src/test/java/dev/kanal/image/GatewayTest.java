package dev.kanal.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.door.Places;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GatewayTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();

  @Test
  void shouldPassBytesOnBothWays_andTheEndOfEachWay() throws Exception {
    byte[] asked = new byte[1_000_000];
    new SplittableRandom(7).nextBytes(asked);
    try (ServerSocket scheduler = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Gateway gateway = Gateway.listen(0, new Schedulers(HERE, scheduler.getLocalPort()));
        Socket client = new Socket(HERE, gateway.port())) {
      CompletableFuture<byte[]> heard = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> hearAndAnswer(scheduler, heard));

      client.getOutputStream().write(asked);
      client.shutdownOutput();

      assertArrayEquals(asked, heard.get(20, TimeUnit.SECONDS));
      assertEquals("heard", text(client.getInputStream().readAllBytes()));
    }
  }

  @Test
  void shouldTellTheClientTheEnd_whenTheSchedulerEndsTheConnectionFirst() throws Exception {
    try (ServerSocket scheduler = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Gateway gateway = Gateway.listen(0, new Schedulers(HERE, scheduler.getLocalPort()));
        Socket client = new Socket(HERE, gateway.port());
        Socket taken = scheduler.accept()) {
      client.getOutputStream().write('x');
      assertEquals('x', taken.getInputStream().read());
      taken.shutdownOutput();

      assertEquals(-1, client.getInputStream().read());
    }
  }

  @Test
  void shouldLetGoOfAClient_thatDoesNotEndWhatTheSchedulerHasEnded() throws Exception {
    Places places = new Places(2);
    try (ServerSocket scheduler = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Gateway gateway =
            Gateway.listen(0, new Schedulers(HERE, scheduler.getLocalPort()), places);
        Socket silent = new Socket(HERE, gateway.port())) {
      scheduler.accept().close();

      assertEquals(-1, silent.getInputStream().read());
      while (places.taken() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void shouldKeepRoomForOthers_whenOneClientOpensConnectionsWithoutEnd() throws Exception {
    try (ServerSocket scheduler = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        Gateway gateway =
            Gateway.listen(0, new Schedulers(HERE, scheduler.getLocalPort()), new Places(2));
        Socket first = new Socket(HERE, gateway.port());
        Socket _ = scheduler.accept();
        Socket second = new Socket(HERE, gateway.port());
        Socket other =
            new Socket(
                InetAddress.getByName(HERE),
                gateway.port(),
                InetAddress.getByName("127.0.0.2"),
                0)) {
      String refused = text(second.getInputStream().readAllBytes());

      assertTrue(refused.startsWith("HTTP/1.1 503 "), refused);
      assertTrue(refused.contains("one client alone"), refused);
      other.getOutputStream().write('x');
      try (Socket taken = scheduler.accept()) {
        assertEquals('x', taken.getInputStream().read());
      }
      assertTrue(first.isConnected());
    }
  }

  @Test
  void shouldAnswerInTheWordsOfHttp_whenNoSchedulerCanBeReached() throws Exception {
    int nobody = freePort();
    try (Gateway gateway = Gateway.listen(0, new Schedulers(HERE, nobody));
        Socket client = new Socket(HERE, gateway.port())) {
      String answer = text(client.getInputStream().readAllBytes());

      assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), answer);
      assertTrue(answer.contains("\r\nRetry-After: 1\r\n"), answer);
      assertTrue(answer.contains("\r\n\r\n{\"type\":\"urn:kanal:problem:"), answer);
    }
  }

  private static void hearAndAnswer(ServerSocket scheduler, CompletableFuture<byte[]> heard) {
    try (Socket taken = scheduler.accept()) {
      heard.complete(taken.getInputStream().readAllBytes());
      taken.getOutputStream().write("heard".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      heard.completeExceptionally(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
