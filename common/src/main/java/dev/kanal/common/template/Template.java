package dev.kanal.common.template;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.error.Invariant;
import dev.kanal.common.job.JsonBytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document in which some objects stand for values:
 *
 * <pre>
 * {"$input":"/a"}                         of the flow's input, at this pointer
 * {"$from":"list","at":"/a","or":0}       of the result of a step; without at the whole of it
 * {"$flow":"/id"}                         of what is known of the flow
 * {"$item":"/a"} {"$prev":"/a"}           of a member's item; of the result of the stage before
 * {"$index":""}                           the member's number
 * {"$literal":{"$from":"x"}}              stands for what is in it, whatever that looks like
 * </pre>
 *
 * <p>All but {@code $index} and {@code $literal} may have an {@code or}, plain data for a value
 * that is not there. An object is data if it has none of these names; if it has one, it must be of
 * this form. An object with a single name that begins with {@code $} and is none of these is
 * refused, so that words can be added; {@code $secret} is left to the handler that knows it.
 *
 * <p>It is filled in two steps, at home and for a member. Between them it is parts, not JSON: what
 * has been put in is bytes that are never looked into again, so no data of a user is taken for a
 * reference, and a member costs its output and one pass over its item.
 */
public final class Template {
  /** How deep arrays and objects may be nested, the outermost included. */
  public static final int DEPTH_MAX = 100;

  public static final int REFERENCES_MAX = 1_000;

  private static final int FORMAT = 1;
  private static final int TEXT = 0;
  private static final int REFERENCE = 1;

  private final List<Part> parts;
  private final Set<Word> words = EnumSet.noneOf(Word.class);
  private final Set<String> steps = new TreeSet<>();

  /** Made once for all members. */
  private final References atMember;

  Template(List<Part> parts) {
    this.parts = List.copyOf(parts);
    for (Part part : parts) {
      if (part instanceof Part.Reference(Word word, String step, _, _)) {
        words.add(word);
        if (word == Word.FROM) {
          steps.add(step);
        }
      }
    }
    this.atMember = new References(this.parts, word -> !word.isAtHome());
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException if the document is none, or is no JSON
   */
  public static Template parse(JsonBytes json) throws TemplateException {
    return TemplateParser.parse(json);
  }

  /** Whether it refers to such a value. */
  public boolean uses(Word word) {
    return words.contains(word);
  }

  /** The names of the steps whose results it refers to, in order. */
  public Set<String> steps() {
    return Collections.unmodifiableSet(steps);
  }

  /** Whether it refers to nothing, so that it is one document for all. */
  public boolean isPlain() {
    return words.isEmpty();
  }

  /**
   * The document of a template that refers to nothing.
   *
   * @throws IllegalStateException if it refers to something
   */
  public JsonBytes plain() {
    Invariant.check(isPlain(), () -> "Expected a template without references, but got " + words);
    return whole(parts);
  }

  /** Whether an array can come of it: it is one, or a reference alone. */
  public boolean mayBeArray() {
    return switch (parts.getFirst()) {
      case Part.Text(JsonBytes bytes) -> bytes.toString().stripLeading().startsWith("[");
      case Part.Reference _ -> true;
    };
  }

  /**
   * Puts in what is known at home. What is left refers to members' values alone.
   *
   * @param max of the document, in bytes
   */
  public Filling<Template> atHome(HomeValues values, int max) {
    References references = new References(parts, Word::isAtHome);
    return switch (fill(references, references.read(each -> value(values, each)), max)) {
      case Filling.Filled<List<Part>>(List<Part> rest) -> new Filling.Filled<>(new Template(rest));
      case Filling.Missing<List<Part>>(String reference) -> new Filling.Missing<>(reference);
      case Filling.TooLarge<List<Part>>(int most) -> new Filling.TooLarge<>(most);
    };
  }

  private static @Nullable JsonBytes value(HomeValues values, References.Document document) {
    return switch (document.word()) {
      case INPUT -> values.input();
      case FROM -> values.result(document.step());
      case FLOW -> values.flow();
      case ITEM, INDEX, PREV -> null;
    };
  }

  /**
   * Makes the document of one member.
   *
   * @param max of the document, in bytes
   * @throws IllegalStateException if it has not been filled at home
   */
  public Filling<JsonBytes> atMember(MemberValues values, int max) {
    Invariant.check(
        words.stream().noneMatch(Word::isAtHome),
        () -> "Expected a template that is filled at home, but it refers to " + words);
    return switch (fill(atMember, atMember.read(each -> value(values, each)), max)) {
      case Filling.Filled<List<Part>>(List<Part> rest) -> new Filling.Filled<>(whole(rest));
      case Filling.Missing<List<Part>>(String reference) -> new Filling.Missing<>(reference);
      case Filling.TooLarge<List<Part>>(int most) -> new Filling.TooLarge<>(most);
    };
  }

  private static @Nullable JsonBytes value(MemberValues values, References.Document document) {
    return switch (document.word()) {
      case ITEM -> values.item();
      case INDEX -> JsonBytes.of(Integer.toString(values.index()));
      case PREV -> values.prev();
      case INPUT, FROM, FLOW -> null;
    };
  }

  /** A filled template is never empty: no JSON is. */
  private static JsonBytes whole(List<Part> parts) {
    return ((Part.Text) parts.getFirst()).bytes();
  }

  private Filling<List<Part>> fill(References references, References.Values values, int max) {
    List<Part> rest = new ArrayList<>();
    Bytes text = new Bytes();
    int flushed = 0;
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Part.Text(JsonBytes bytes) -> text.put(bytes);
        case Part.Reference reference -> {
          if (!references.has(i)) {
            flushed += text.length();
            text.flushTo(rest);
            rest.add(reference);
          } else if (!values.put(i, reference, text)) {
            return new Filling.Missing<>(reference.describe());
          }
        }
      }
      if (flushed + text.length() > max) {
        return new Filling.TooLarge<>(max);
      }
    }
    text.flushTo(rest);
    return new Filling.Filled<>(rest);
  }

  /** Its bytes, for rows and entries. */
  public byte[] toBytes() {
    BinaryWriter out = new BinaryWriter(0).putByte(FORMAT).putInt(parts.size());
    for (Part part : parts) {
      switch (part) {
        case Part.Text(JsonBytes bytes) -> out.putByte(TEXT).putBytes(bytes.utf8());
        case Part.Reference(Word word, String step, Pointer at, JsonBytes or) -> {
          out.putByte(REFERENCE).putByte(word.code()).putString(step).putString(at.toString());
          out.putBoolean(or != null);
          if (or != null) {
            out.putBytes(or.utf8());
          }
        }
      }
    }
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes()} wrote.
   *
   * @throws UnreadableException if it is something else
   */
  public static Template fromBytes(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int format = in.getByte();
    if (format != FORMAT) {
      throw new UnreadableException("Expected a template of format 1, but found " + format);
    }
    int count = in.getInt();
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(readPart(in));
    }
    if (!in.atEnd()) {
      throw new UnreadableException("Expected the end of a template, but more follows");
    }
    return new Template(parts);
  }

  private static Part readPart(BinaryReader in) {
    int kind = in.getByte();
    if (kind == TEXT) {
      return new Part.Text(JsonBytes.wrap(in.getBytes()));
    }
    if (kind != REFERENCE) {
      throw new UnreadableException("Expected a part of a template, but found " + kind);
    }
    Word word = in.getEnum(Word.values());
    String step = in.getString();
    try {
      Pointer at = Pointer.parse(in.getString());
      return new Part.Reference(
          word, step, at, in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null);
    } catch (UnreadableException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a pointer in a template", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return "Template" + words;
  }
}
