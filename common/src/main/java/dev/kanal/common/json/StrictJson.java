package dev.kanal.common.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;

/**
 * How JSON of users is read token by token: no repeated names, bounded by its depth and size.
 * Values can be taken as they stand in the text. The bytes are UTF-8 without a mark, see {@link
 * #isReadAsUtf8}.
 */
public final class StrictJson {
  private StrictJson() {}

  /**
   * Makes parsers that refuse an object with a name that stands twice. Whoever uses one bounds the
   * bytes; names, texts and numbers have no bound of their own.
   *
   * @param depthMax how deep arrays and objects may be nested, the outermost included
   */
  public static JsonFactory factory(int depthMax) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(depthMax)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  /**
   * Whether Jackson takes the bytes for UTF-8 without a mark, so that places in them can be
   * counted: it tells encodings by the first two bytes.
   */
  public static boolean isReadAsUtf8(byte[] json) {
    return json.length > 0 && json[0] > 0 && (json.length == 1 || json[1] != 0);
  }

  /** Where the token begins at which the parser stands, in bytes from the first that it reads. */
  public static int start(JsonParser json) {
    return Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }

  /**
   * Where the token ends at which the parser stands, in bytes from the first that it reads: behind
   * its last byte. Behind a number that is the whole document a blank may be counted with it.
   */
  public static int end(JsonParser json) throws IOException {
    json.finishToken();
    return Math.toIntExact(json.currentLocation().getByteOffset());
  }

  /** Goes to the last token of the value at which the parser stands, and answers its end. */
  public static int skipToEnd(JsonParser json) throws IOException {
    json.skipChildren();
    return end(json);
  }

  /**
   * The bytes of the value at which the parser stands, as they are; the parser then stands at its
   * last token.
   *
   * @param from where the parser's first byte is in {@code bytes}
   */
  public static byte[] slice(JsonParser json, byte[] bytes, int from) throws IOException {
    int start = start(json);
    return Arrays.copyOfRange(bytes, from + start, from + skipToEnd(json));
  }

  /** A name or an index as the text of a JSON pointer has it (RFC 6901, 3). */
  public static String pointerToken(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
