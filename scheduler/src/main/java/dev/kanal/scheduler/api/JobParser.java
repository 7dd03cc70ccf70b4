package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.JobSpec;
import java.io.IOException;
import java.time.InstantSource;

/** Makes a job of the JSON that a client sent, or says everything that is wrong with it. */
final class JobParser {
  /** How deep arrays and objects may be nested, the job's own object included. */
  static final int DEPTH_MAX = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final LimitsConfig limits;
  private final InstantSource clock;

  JobParser(LimitsConfig limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  /** What came of it. */
  sealed interface Parsed {
    record Job(JobSpec spec) implements Parsed {}

    record Refused(Problem problem) implements Parsed {}
  }

  /** Reads one job; the bytes are not kept. */
  Parsed parse(byte[] bytes, int from, int length) {
    int bad = Utf8.firstBad(bytes, from, length);
    if (bad >= 0) {
      return malformed("Expected UTF-8 without NUL, but byte " + (bad + 1) + " is not");
    }
    if (length >= 3 && bytes[from] == (byte) 0xEF && bytes[from + 1] == (byte) 0xBB) {
      return malformed("Expected JSON, but got a byte order mark");
    }
    try (JsonParser json = JSON.createParser(bytes, from, length)) {
      return parse(json, bytes, from);
    } catch (StreamConstraintsException e) {
      return malformed("Expected JSON nested at most " + DEPTH_MAX + " deep, but got more");
    } catch (JsonProcessingException e) {
      return malformed(describe(e));
    } catch (IOException e) {
      return malformed("Expected JSON, but it cannot be read");
    }
  }

  private Parsed parse(JsonParser json, byte[] bytes, int from) throws IOException {
    if (json.nextToken() == null) {
      return malformed("Expected a job as JSON, but got nothing");
    }
    JobDraft draft = new JobDraft(json, limits);
    draft.read(bytes, from);
    if (json.nextToken() != null) {
      return malformed("Expected one JSON object, but more follows it");
    }
    return draft.finish(clock.instant());
  }

  private static Parsed malformed(String detail) {
    return new Parsed.Refused(Problem.malformedJson(detail));
  }

  /** Jackson's message without what it says of its own insides. */
  static String describe(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    for (String inside :
        new String[] {" (start marker at", " (for Object starting", " at [Source"}) {
      int at = message.indexOf(inside);
      message = at < 0 ? message : message.substring(0, at);
    }
    message = message.length() > 200 ? message.substring(0, 200) + "…" : message;
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    return "Expected JSON, but" + where + ": " + message;
  }
}
