package dev.kanal.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A process that owns a data directory, has sent two records, and lives until it is killed. */
final class KafkaOwnerApplication implements AutoCloseable {
  static final String TOPIC = "kept";
  static final List<String> RECORDS = List.of("one", "two");

  private static final String READY = "ready";

  private final Process process;

  private KafkaOwnerApplication(Process process) {
    this.process = process;
  }

  static KafkaOwnerApplication start(Path directory) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaOwnerApplication.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    if (!READY.equals(line)) {
      process.destroyForcibly();
      throw new IOException("Expected the process to say %s, but: %s".formatted(READY, line));
    }
    return new KafkaOwnerApplication(process);
  }

  long pid() {
    return process.pid();
  }

  void killAndWait() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  static void main(String[] arguments) throws Exception {
    var kafka = EmbeddedKafka.persistent(Path.of(arguments[0]), 0);
    var clients = Clients.of(kafka);
    clients.createTopic(TOPIC, 1);
    clients.produce(TOPIC, RECORDS);
    System.out.println(READY);
    // Ends with its parent too, whose end closes the pipe.
    while (System.in.read() >= 0) {}
    Runtime.getRuntime().halt(1);
  }
}
