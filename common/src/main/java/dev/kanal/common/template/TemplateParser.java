package dev.kanal.common.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Texts;
import dev.kanal.common.json.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one template; belongs to one thread. */
final class TemplateParser {
  private static final JsonFactory JSON = StrictJson.factory(Template.DEPTH_MAX);
  private static final String AT = "at";
  private static final String OR = "or";
  private static final String AS_DATA = "; data that looks so goes into {\"$literal\": …}";
  private static final int SHOWN = 100;

  /** Words of handlers, which are left to them: that of jobs of type {@code http}. */
  private static final Set<String> OF_HANDLERS = Set.of("$secret");

  private final byte[] bytes;
  private final JsonParser json;
  private final List<Edit> edits = new ArrayList<>();
  private final StringBuilder pointer = new StringBuilder();
  private int references;

  /** What stands in the place of some bytes; in the order of the places. */
  private record Edit(int start, int end, Part part) {}

  /** A value that may be an option of a reference, or may be none of ours. */
  private record Option(int start, int end, @Nullable String text) {}

  /** An object that is read: where it began, its word, and its other fields. */
  private static final class Open {
    private final int start;
    private final int editsBefore;
    private final Map<String, Option> options = new HashMap<>();
    private int fields;
    private @Nullable String word;
    private @Nullable JsonBytes literal;
    private @Nullable String value;
    private @Nullable String other;

    private Open(int start, int editsBefore) {
      this.start = start;
      this.editsBefore = editsBefore;
    }
  }

  private TemplateParser(byte[] bytes, JsonParser json) {
    this.bytes = bytes;
    this.json = json;
  }

  static Template parse(JsonBytes template) throws TemplateException {
    byte[] bytes = template.utf8();
    if (!StrictJson.isReadAsUtf8(bytes)) {
      throw new TemplateException("", "Expected JSON in UTF-8, but got something else");
    }
    try (JsonParser json = JSON.createParser(bytes)) {
      return new TemplateParser(bytes, json).readAll();
    } catch (StreamConstraintsException _) {
      throw new TemplateException(
          "", "Expected JSON nested at most " + Template.DEPTH_MAX + " deep, but got more");
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
      throw new TemplateException(
          "", "Expected JSON without repeated names, but at byte " + at + " it is not");
    } catch (IOException _) {
      throw new TemplateException("", "Expected JSON, but it cannot be read");
    }
  }

  private Template readAll() throws IOException, TemplateException {
    if (json.nextToken() == null) {
      throw refusal("Expected JSON, but got nothing");
    }
    value();
    if (json.nextToken() != null) {
      throw refusal("Expected one JSON value, but more follows it");
    }
    return new Template(assemble(0, bytes.length, edits));
  }

  /** Reads the value at which the parser stands, to its last token. */
  private void value() throws IOException, TemplateException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.START_OBJECT) {
      object();
    } else if (token == JsonToken.START_ARRAY) {
      for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        within(Integer.toString(i));
        value();
        leave();
      }
    } else {
      json.finishToken();
    }
  }

  private void object() throws IOException, TemplateException {
    Open open = new Open(StrictJson.start(json), edits.size());
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      within(name);
      open.fields++;
      field(open, name);
      leave();
    }
    String other = open.other;
    if (open.word != null) {
      replace(open, open.word);
    } else if (open.fields == 1
        && other != null
        && other.startsWith("$")
        && !OF_HANDLERS.contains(other)) {
      throw refusal(
          "Expected one of $input, $from, $item, $index, $prev, $flow and $literal, but got "
              + Texts.shown(other, SHOWN)
              + AS_DATA);
    }
  }

  private void field(Open open, String name) throws IOException, TemplateException {
    if (open.word == null && name.equals(Word.LITERAL)) {
      open.word = name;
      open.literal = JsonBytes.wrap(StrictJson.slice(json, bytes, 0));
    } else if (open.word == null && Word.of(name) != null) {
      open.word = name;
      open.value = text();
      value();
    } else if (name.equals(AT) || name.equals(OR)) {
      int start = StrictJson.start(json);
      String text = text();
      value();
      open.options.put(name, new Option(start, StrictJson.end(json), text));
    } else {
      open.other = name;
      value();
    }
  }

  /** Puts a part in the place of the object that has just ended. */
  private void replace(Open open, String name) throws IOException, TemplateException {
    Word word = Word.of(name);
    checkFields(open, name, word);
    List<Edit> inside = edits.subList(open.editsBefore, edits.size());
    Part part;
    if (open.literal != null) {
      part = new Part.Text(open.literal);
    } else if (word == null || open.value == null) {
      throw refusal("Expected a text as " + name + ", but got another value");
    } else {
      part = reference(open, word, open.value, inside);
    }
    inside.clear();
    edits.add(new Edit(open.start, StrictJson.end(json), part));
  }

  private void checkFields(Open open, String name, @Nullable Word word) throws TemplateException {
    Set<String> allowed =
        switch (word) {
          case FROM -> Set.of(AT, OR);
          case INPUT, FLOW, ITEM, PREV -> Set.of(OR);
          case INDEX -> Set.of();
          case null -> Set.of();
        };
    String stray = open.other;
    for (String option : open.options.keySet()) {
      stray = allowed.contains(option) ? stray : option;
    }
    if (stray != null) {
      String beside =
          switch (allowed.size()) {
            case 0 -> " alone";
            case 1 -> " with nothing but or";
            default -> " with nothing but at and or";
          };
      throw refusal(
          "Expected " + name + beside + ", but got " + Texts.shown(stray, SHOWN) + AS_DATA);
    }
  }

  private Part.Reference reference(Open open, Word word, String value, List<Edit> inside)
      throws TemplateException {
    if (++references > Template.REFERENCES_MAX) {
      throw refusal(
          "Expected at most "
              + Template.REFERENCES_MAX
              + " references in a template, but got more");
    }
    Option at = open.options.get(AT);
    if (at != null && at.text == null) {
      throw refusal("Expected a JSON pointer as at, but got another value");
    }
    if (word == Word.INDEX && !value.isEmpty()) {
      throw refusal("Expected {\"$index\":\"\"}, but got " + Texts.shown(value, SHOWN));
    }
    boolean from = word == Word.FROM;
    String way = from ? (at == null || at.text == null ? "" : at.text) : value;
    try {
      return new Part.Reference(
          word, from ? value : "", Pointer.parse(way), or(open.options.get(OR), inside));
    } catch (IllegalArgumentException e) {
      throw refusal(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable JsonBytes or(@Nullable Option or, List<Edit> inside) throws TemplateException {
    if (or == null) {
      return null;
    }
    List<Part> parts = assemble(or.start, or.end, inside);
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(JsonBytes data)) {
      return data;
    }
    throw refusal("Expected plain data as or, but got references in it");
  }

  /** The bytes from one place to another, with the edits that are between. */
  private List<Part> assemble(int from, int to, List<Edit> some) {
    List<Part> parts = new ArrayList<>();
    Bytes text = new Bytes();
    int done = from;
    for (Edit edit : some) {
      text.put(bytes, done, edit.start);
      done = edit.end;
      switch (edit.part) {
        case Part.Text(JsonBytes data) -> text.put(data);
        case Part.Reference reference -> {
          text.flushTo(parts);
          parts.add(reference);
        }
      }
    }
    text.put(bytes, done, to);
    text.flushTo(parts);
    return parts;
  }

  private @Nullable String text() throws IOException {
    return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
  }

  private void within(String token) {
    pointer.append('/').append(StrictJson.pointerToken(Texts.shown(token, SHOWN)));
  }

  private void leave() {
    pointer.setLength(pointer.lastIndexOf("/"));
  }

  private TemplateException refusal(String detail) {
    return new TemplateException(pointer.toString(), detail);
  }
}
