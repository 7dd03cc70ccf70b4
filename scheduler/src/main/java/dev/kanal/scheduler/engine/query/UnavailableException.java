package dev.kanal.scheduler.engine.query;

/** A shard that is not here, or has not got far enough in time. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    super(message);
  }
}
