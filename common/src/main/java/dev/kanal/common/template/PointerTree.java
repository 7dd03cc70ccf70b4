package dev.kanal.common.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.StrictJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values of many pointers in one pass over a document, so that the cost of a template is
 * that of its documents and not their product with its references.
 */
final class PointerTree {
  /** How deep documents may be nested: with the template around them, Jackson's own bound. */
  static final int DEPTH_MAX = 900;

  private static final JsonFactory JSON = StrictJson.factory(DEPTH_MAX);

  private final Node root = new Node();
  private final int size;

  /** A place in documents: which pointers end here, and what is looked at below. */
  private static final class Node {
    private final Map<String, Node> byName = new HashMap<>();
    private final Map<Integer, Node> byIndex = new HashMap<>();
    private int @Nullable [] wanted;

    private Node child(String token) {
      Node child = byName.computeIfAbsent(token, _ -> new Node());
      int index = index(token);
      if (index >= 0) {
        byIndex.put(index, child);
      }
      return child;
    }

    private void want(int number) {
      int[] before = wanted == null ? new int[0] : wanted;
      wanted = Arrays.copyOf(before, before.length + 1);
      wanted[before.length] = number;
    }
  }

  /** What was found in one document: slices of it, by the number of their pointer. */
  static final class Found {
    private final byte[] document;
    private final int[] starts;
    private final int[] ends;

    private Found(byte[] document, int size) {
      this.document = document;
      this.starts = new int[size];
      this.ends = new int[size];
    }

    boolean has(int number) {
      return ends[number] > 0;
    }

    void copyTo(Bytes out, int number) {
      out.put(document, starts[number], ends[number]);
    }
  }

  PointerTree(List<Pointer> pointers) {
    size = pointers.size();
    for (int i = 0; i < size; i++) {
      Node node = root;
      for (String token : pointers.get(i).tokens()) {
        node = node.child(token);
      }
      node.want(i);
    }
  }

  /**
   * Looks through a document. In one that cannot be read (no JSON, a repeated name, nested deeper
   * than {@link #DEPTH_MAX}) nothing is found.
   */
  Found find(JsonBytes document) {
    byte[] bytes = document.utf8();
    Found nothing = new Found(bytes, size);
    if (!StrictJson.isReadAsUtf8(bytes)) {
      return nothing;
    }
    try (JsonParser json = JSON.createParser(bytes)) {
      Found found = new Found(bytes, size);
      if (json.nextToken() != null) {
        look(json, root, found);
      }
      return json.nextToken() == null ? found : nothing;
    } catch (IOException _) {
      return nothing;
    }
  }

  /** Reads the value at which the parser stands; no deeper by calls than pointers are long. */
  private static void look(JsonParser json, Node node, Found found) throws IOException {
    int start = StrictJson.start(json);
    if (json.currentToken() == JsonToken.START_OBJECT && !node.byName.isEmpty()) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        Node child = node.byName.get(json.currentName());
        json.nextToken();
        lookOrSkip(json, child, found);
      }
    } else if (json.currentToken() == JsonToken.START_ARRAY && !node.byIndex.isEmpty()) {
      for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        lookOrSkip(json, node.byIndex.get(i), found);
      }
    } else {
      json.skipChildren();
    }
    if (node.wanted != null) {
      int end = StrictJson.end(json);
      // The parser takes a blank after a number that is the whole document.
      while (end > start && found.document[end - 1] <= ' ') {
        end--;
      }
      for (int number : node.wanted) {
        found.starts[number] = start;
        found.ends[number] = end;
      }
    }
  }

  private static void lookOrSkip(JsonParser json, @Nullable Node node, Found found)
      throws IOException {
    if (node == null) {
      json.skipChildren();
    } else {
      look(json, node, found);
    }
  }

  /** The index that a token means in arrays, or -1: digits without leading zeros (RFC 6901, 4). */
  private static int index(String token) {
    boolean digits =
        !token.isEmpty()
            && token.length() <= 9
            && token.chars().allMatch(c -> c >= '0' && c <= '9')
            && (token.length() == 1 || token.charAt(0) != '0');
    return digits ? Integer.parseInt(token) : -1;
  }
}
