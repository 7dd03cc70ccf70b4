package dev.kanal.standalone;

/** A problem at start that may pass: Kafka is not there yet. */
final class KafkaAway extends Exception {
  private static final long serialVersionUID = 1L;

  KafkaAway(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
