package dev.kanal.process.kit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of its own, with what it printed so far. */
public final class Program {
  private static final Duration STREAMS_PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Output out;
  private final Output err;

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    this.out = Output.of(process.getInputStream());
    this.err = Output.of(process.getErrorStream());
  }

  /**
   * Starts a command; its environment has no setting of Kanal and OpenTelemetry but {@code
   * settings}.
   */
  static Program start(String name, List<String> command, Map<String, String> settings)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("KANAL_") || key.startsWith("OTEL_"));
    builder.environment().putAll(settings);
    Process process = builder.start();
    process.getOutputStream().close();
    return new Program(name, process);
  }

  public Output out() {
    return out;
  }

  public Output err() {
    return err;
  }

  /** The first line on its standard output that contains a text. */
  public String awaitLine(String text, Duration atMost) throws InterruptedException {
    return await(out, text, atMost);
  }

  /** The first line on its standard error that contains a text. */
  public String awaitErrorLine(String text, Duration atMost) throws InterruptedException {
    return await(err, text, atMost);
  }

  /** SIGTERM; Ctrl-C has the same effect. By the handle, as a process would close its streams. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** {@code kill -9}. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** SIGSTOP: it stands still, with its connections open, until it is continued. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int status = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError("Expected to send SIG" + name + ", but kill ended with " + status);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end of the process and of its output. */
  public int awaitExit(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "Expected %s to end within %s, but it runs.\n%s".formatted(name, atMost, printed()));
    }
    if (!out.awaitEnd(STREAMS_PATIENCE) || !err.awaitEnd(STREAMS_PATIENCE)) {
      throw new AssertionError("Expected the output of %s to end with it".formatted(name));
    }
    return process.exitValue();
  }

  /** Ends it if it still runs. */
  void discard() throws InterruptedException {
    kill();
    awaitExit(STREAMS_PATIENCE);
  }

  /** All it printed, for messages. */
  public String printed() {
    return "---- %s, standard output\n%s\n---- %s, standard error\n%s\n----"
        .formatted(name, out.text(), name, err.text());
  }

  private String await(Output output, String text, Duration atMost) throws InterruptedException {
    return output
        .await(text, atMost)
        .orElseThrow(
            () ->
                new AssertionError(
                    "Expected %s to print '%s' within %s, but it %s.\n%s"
                        .formatted(
                            name,
                            text,
                            atMost,
                            process.isAlive() ? "did not" : "ended with " + process.exitValue(),
                            printed())));
  }
}
