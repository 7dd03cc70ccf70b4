package dev.kanal.worker;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.error.KanalException;

/**
 * A worker cannot reach the Kafka that it was given, or finds no Kanal there; the message names the
 * addresses and what is wrong.
 */
public final class KafkaAwayException extends KanalException {
  private static final long serialVersionUID = 1L;

  public KafkaAwayException(String message, Throwable cause) {
    super(ErrorCode.KAFKA_UNAVAILABLE, message, cause);
  }
}
