package dev.kanal.common.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

/** How JSON of users is read token by token: no repeated names, bounded by its depth and size. */
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
}
