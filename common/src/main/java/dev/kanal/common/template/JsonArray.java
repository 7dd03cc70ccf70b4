package dev.kanal.common.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts an array into its elements. */
public final class JsonArray {
  private static final JsonFactory JSON = StrictJson.factory(PointerTree.DEPTH_MAX);

  private JsonArray() {}

  /** The elements, each as it stands there; empty if the document is no array. */
  public static Optional<List<JsonBytes>> elements(JsonBytes array) {
    byte[] bytes = array.utf8();
    if (!StrictJson.isReadAsUtf8(bytes)) {
      return Optional.empty();
    }
    List<JsonBytes> elements = new ArrayList<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        return Optional.empty();
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        elements.add(JsonBytes.wrap(StrictJson.slice(json, bytes, 0)));
      }
      return json.nextToken() == null ? Optional.of(elements) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
