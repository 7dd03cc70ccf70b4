package dev.kanal.scheduler.api.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.json.FieldReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** {@code tags} while they are read. Belong to the fields that they are part of. */
public final class TagsFields {
  private final JsonParser json;
  private final LimitsConfig limits;
  private final FieldReader fields;
  private final String pointer;
  private final Map<String, String> tags = new HashMap<>();

  /**
   * @param pointer where they stand in the document
   */
  public TagsFields(JsonParser json, LimitsConfig limits, FieldReader fields, String pointer) {
    this.json = json;
    this.limits = limits;
    this.fields = fields;
    this.pointer = pointer;
  }

  public void read() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      fields.wrongType(pointer, "an object");
      return;
    }
    int count = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (++count <= limits.tags()) {
        readTag(name, pointer + "/" + FieldReader.escape(name));
      } else {
        json.skipChildren();
      }
    }
    if (count > limits.tags()) {
      fields.refuse(pointer, "Expected at most " + limits.tags() + " tags, but got " + count);
    }
  }

  private void readTag(String name, String at) throws IOException {
    int nameLength = name.codePointCount(0, name.length());
    if (nameLength < 1 || nameLength > JobSpec.TAG_NAME_MAX) {
      fields.refuse(
          at,
          "Expected a tag's name of 1 to "
              + JobSpec.TAG_NAME_MAX
              + " characters, but got "
              + nameLength);
    }
    String value = fields.isClean(at, name) ? fields.text(at) : null;
    if (value == null) {
      json.skipChildren();
      return;
    }
    int length = value.codePointCount(0, value.length());
    if (length > JobSpec.TAG_VALUE_MAX) {
      fields.refuse(
          at, "Expected at most " + JobSpec.TAG_VALUE_MAX + " characters, but got " + length);
    }
    tags.put(name, value);
  }

  public Map<String, String> tags() {
    return tags;
  }
}
