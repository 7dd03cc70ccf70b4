package dev.kanal.scheduler.api.filter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.scheduler.api.json.FieldReader;
import io.vertx.core.MultiMap;
import java.io.IOException;

/**
 * A job filter as JSON: the conditions of the query by the same names, {@code state} as one or a
 * list of them, and {@code tags} as an object.
 */
public final class FilterFields {
  static final String FIELDS =
      "state, queue, type, tags, key, schedule, parent, failure, createdAfter, createdBefore";

  private static final String AT = "/filter";

  private final JsonParser json;
  private final FieldReader fields;
  private JobFilter filter = JobFilter.ALL;

  public FilterFields(JsonParser json, FieldReader fields) {
    this.json = json;
    this.fields = fields;
  }

  public JobFilter filter() {
    return filter;
  }

  public void read() throws IOException {
    MultiMap query = MultiMap.caseInsensitiveMultiMap();
    fields.object(AT, FIELDS, name -> read(name, query));
    try {
      filter = FilterQuery.read(query);
    } catch (FilterQuery.MalformedException e) {
      String field = e.name().equals("tag") ? "tags" : e.name();
      fields.refuse(AT + "/" + field, String.valueOf(e.getMessage()));
    }
  }

  private boolean read(String name, MultiMap query) throws IOException {
    String pointer = AT + "/" + name;
    switch (name) {
      case "state" -> {
        if (json.currentToken() == JsonToken.START_ARRAY) {
          for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
            add(query, "state", pointer + "/" + i, "");
          }
        } else {
          add(query, "state", pointer, "");
        }
      }
      case "tags" ->
          fields.object(
              pointer,
              "",
              tag -> {
                add(query, "tag", pointer + "/" + FieldReader.escape(tag), tag + ":");
                return true;
              });
      case "queue",
          "type",
          "key",
          "schedule",
          "parent",
          "failure",
          "createdAfter",
          "createdBefore" ->
          add(query, name, pointer, "");
      default -> {
        return false;
      }
    }
    return true;
  }

  private void add(MultiMap query, String name, String pointer, String prefix) throws IOException {
    String text = fields.text(pointer);
    if (text != null) {
      query.add(name, prefix + text);
    }
  }
}
