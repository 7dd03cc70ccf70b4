package dev.kanal.scheduler.queues;

/** The cluster is not, and cannot be made, what Kanal needs. The message says what to do. */
public final class ProvisioningException extends Exception {
  private static final long serialVersionUID = 1L;

  ProvisioningException(String message) {
    super(message);
  }

  ProvisioningException(String message, Throwable cause) {
    super(message, cause);
  }
}
