package dev.kanal.examples.wordcount;

import dev.kanal.worker.Worker;

/** A worker that counts words, until it is stopped by a signal. */
public final class WordCountApplication {
  private WordCountApplication() {}

  /** Connects to the brokers of {@code KANAL_KAFKA_BOOTSTRAP}. */
  public static void main(String[] args) throws InterruptedException {
    String bootstrap = System.getenv().getOrDefault("KANAL_KAFKA_BOOTSTRAP", "localhost:9092");
    Worker worker = Worker.builder().bootstrap(bootstrap).build();
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "stop"));
    worker.start();
    System.out.println("Running jobs of the types " + worker.types() + "; Ctrl-C stops");
    worker.awaitTermination();
  }
}
