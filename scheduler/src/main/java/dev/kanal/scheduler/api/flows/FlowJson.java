package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.StrictJson;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.spec.JobFields;
import dev.kanal.scheduler.api.spec.TagsFields;
import java.io.IOException;
import java.util.Arrays;

/**
 * The JSON of a flow while it is read, with the bytes that values are cut from, and the pointer
 * that errors begin with. All of one flow share a parser. Belongs to one call.
 */
final class FlowJson {
  private final JsonParser json;
  private final byte[] bytes;
  private final LimitsConfig limits;
  private final FieldReader fields;

  /**
   * @param json reads all of {@code bytes}, which are not copied
   */
  FlowJson(JsonParser json, byte[] bytes, LimitsConfig limits) {
    this(json, bytes, limits, new FieldReader(json));
  }

  private FlowJson(JsonParser json, byte[] bytes, LimitsConfig limits, FieldReader fields) {
    this.json = json;
    this.bytes = bytes;
    this.limits = limits;
    this.fields = fields;
  }

  /** Reads one element of an array. */
  interface Element {
    void read(int index) throws IOException;
  }

  /** The same for what stands at a pointer below this one. */
  FlowJson within(String pointer) {
    return new FlowJson(json, bytes, limits, fields.within(pointer));
  }

  /** Reads fields, and notes errors with pointers below this one. */
  FieldReader fields() {
    return fields;
  }

  JobFields job() {
    return new JobFields(json, limits, fields);
  }

  boolean readJobField(JobFields job, String name) throws IOException {
    return job.readField(name, bytes, 0);
  }

  TagsFields tags() {
    return new TagsFields(json, limits, fields, "/tags");
  }

  JsonToken token() {
    return json.currentToken();
  }

  void skip() throws IOException {
    json.skipChildren();
  }

  /** The value at which the parser stands, as it is. */
  JsonBytes value() throws IOException {
    return JsonBody.value(json, bytes, 0);
  }

  /** Where the value begins at which the parser stands. */
  int here() {
    return StrictJson.start(json);
  }

  /** The bytes from {@code start} to the end of the token at which the parser stands. */
  JsonBytes since(int start) throws IOException {
    return JsonBytes.wrap(Arrays.copyOfRange(bytes, start, StrictJson.end(json)));
  }

  /** Reads an array of at most so many elements; says if there are more, and skips them. */
  void array(String pointer, int max, Element element) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      fields.wrongType(pointer, "an array");
      return;
    }
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (count < max) {
        element.read(count);
      } else {
        json.skipChildren();
      }
      count++;
    }
    if (count > max) {
      fields.refuse(pointer, "Expected at most " + max + " elements, but got " + count);
    }
  }
}
