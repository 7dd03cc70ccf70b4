package dev.kanal.check.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Jobs with known answers, numbered from 0. May be asked from any thread. */
public interface JobSource {
  int size();

  /** The job as one NDJSON line, line feed included; the same each time it is asked for. */
  byte[] line(int index);

  /** What is wrong with this result of the job; empty if nothing is. */
  Optional<String> wrong(int index, JsonNode result);
}
