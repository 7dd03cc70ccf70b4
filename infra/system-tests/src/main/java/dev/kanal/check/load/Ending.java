package dev.kanal.check.load;

import com.fasterxml.jackson.databind.JsonNode;

/** How an accepted job ended, as far as REST shows. */
sealed interface Ending {
  record Succeeded(JsonNode result) implements Ending {}

  /** Another final state than {@code SUCCEEDED}. */
  record Otherwise(String state, String reason) implements Ending {}

  /** The server does not know the job. */
  record Missing() implements Ending {}

  /** The time of the run was over first. */
  record NotFinal(String lastSeen) implements Ending {}

  /** The server answered what is not in its contract. */
  record Unexpected(String what) implements Ending {}
}
