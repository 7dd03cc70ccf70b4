package dev.kanal.scheduler.api.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.StrictJson;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;

/**
 * Reads JSON that clients send: one document of UTF-8, of bounded depth, without repeated names.
 */
public final class JsonBody {
  /** How deep arrays and objects may be nested, the outermost included. */
  public static final int DEPTH_MAX = 100;

  private static final JsonFactory JSON = StrictJson.factory(DEPTH_MAX);

  private JsonBody() {}

  /** Reads a value; stands at its first token, and leaves the parser at its last. */
  public interface Reading<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Reads one document; the bytes are not kept.
   *
   * @throws RefusedException if the text is not what it must be
   */
  public static <T> T read(byte[] bytes, int from, int length, Reading<T> reading)
      throws RefusedException {
    int bad = Utf8.firstBad(bytes, from, length);
    if (bad >= 0) {
      throw malformed("Expected UTF-8 without NUL, but byte " + (bad + 1) + " is not");
    }
    if (length >= 3 && bytes[from] == (byte) 0xEF && bytes[from + 1] == (byte) 0xBB) {
      throw malformed("Expected JSON, but got a byte order mark");
    }
    try (JsonParser json = JSON.createParser(bytes, from, length)) {
      if (json.nextToken() == null) {
        throw malformed("Expected JSON, but got nothing");
      }
      T value = reading.read(json);
      if (json.nextToken() != null) {
        throw malformed("Expected one JSON object, but more follows it");
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw malformed("Expected JSON nested at most " + DEPTH_MAX + " deep, but got more");
    } catch (JsonProcessingException e) {
      throw malformed(JsonFaults.explain(e));
    } catch (IOException e) {
      throw malformed("Expected JSON, but it cannot be read");
    }
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(Problem.malformedJson(detail));
  }

  /**
   * Takes the bytes of the value at which the parser stands, from its first to its last, as they
   * are.
   *
   * @param from where the parser's bytes begin
   */
  public static JsonBytes value(JsonParser json, byte[] bytes, int from) throws IOException {
    return JsonBytes.wrap(StrictJson.slice(json, bytes, from));
  }
}
