package dev.kanal.check.demo;

import dev.kanal.check.server.ServerOptions;
import dev.kanal.check.server.Session;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./kanal demo}. */
@Command(
    name = "demo",
    description = "Sends a sample load to a running system, to look at, until it is stopped.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_A_SECOND = 1_000;
  private static final Duration TIDY = Duration.ofSeconds(30);

  @Mixin private ServerOptions options = new ServerOptions(Duration.ofDays(365));

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "About how many jobs a second (default: ${DEFAULT-VALUE}).")
  private int rate = 20;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "Name or address of this machine as workers see it (default: ${DEFAULT-VALUE}); in"
              + " containers such as host.docker.internal.")
  private String host = "127.0.0.1";

  @Override
  public Integer call() throws InterruptedException {
    options.requireWithin("--rate", rate, 1, MOST_A_SECOND);
    Random random = new Random();
    CountDownLatch done = new CountDownLatch(1);
    try (Session session = Session.open(options, options.console());
        DemoShop shop = DemoShop.start(host, random)) {
      Demo demo = new Demo(session, shop, random, rate);
      Thread hook = Thread.ofPlatform().name("demo-stop").unstarted(() -> stop(demo, done));
      Runtime.getRuntime().addShutdownHook(hook);
      demo.run();
    } finally {
      done.countDown();
    }
    return 0;
  }

  /** The process ends when this returns: what was started must be cleaned up first. */
  private static void stop(Demo demo, CountDownLatch done) {
    demo.stop();
    try {
      var _ = done.await(TIDY.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
