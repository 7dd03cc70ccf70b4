package dev.kanal.scheduler.queues;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;

/** The cluster is not, and cannot be made, what Kanal needs. The message says what to do. */
public final class ProvisioningException extends Exception {
  private static final long serialVersionUID = 1L;

  ProvisioningException(String message) {
    super(message);
  }

  ProvisioningException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether Kafka did not answer, so that trying again may help. */
  public boolean mayPass() {
    Throwable cause = getCause();
    return cause instanceof TimeoutException
        || (cause instanceof ExecutionException && cause.getCause() instanceof RetriableException);
  }
}
