package dev.kanal.common.template;

import java.util.List;
import java.util.Random;

/** Writes JSON of users: among it much that looks like a template. */
final class RandomJson {
  private static final List<String> NAMES =
      List.of(
          "a",
          "b",
          "at",
          "or",
          "$from",
          "$input",
          "$item",
          "$index",
          "$prev",
          "$flow",
          "$literal",
          "$secret",
          "$ref",
          "/",
          "~",
          "ü",
          "\\\"",
          "0",
          "1");

  private final Random random;

  RandomJson(Random random) {
    this.random = random;
  }

  /** A document without repeated names. */
  String next(int depth) {
    int kind = random.nextInt(depth > 0 ? 9 : 6);
    return switch (kind) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> Integer.toString(random.nextInt(-50, 5000));
      case 3 -> random.nextInt(100) + "." + random.nextInt(100) + "e-3";
      case 4 -> "\"" + NAMES.get(random.nextInt(NAMES.size())) + "\"";
      case 5 -> "\"{\\\"$from\\\":\\\"x\\\"}\"";
      case 6 -> array(depth);
      default -> object(depth);
    };
  }

  private String array(int depth) {
    StringBuilder out = new StringBuilder("[");
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",").append(blank()).append(next(depth - 1)).append(blank());
    }
    return out.append("]").toString();
  }

  private String object(int depth) {
    StringBuilder out = new StringBuilder("{");
    int count = random.nextInt(4);
    int first = random.nextInt(NAMES.size());
    for (int i = 0; i < count; i++) {
      String name = NAMES.get((first + i * 7) % NAMES.size());
      out.append(i == 0 ? "" : ",").append('"').append(name).append("\":");
      out.append(blank()).append(next(depth - 1)).append(blank());
    }
    return out.append("}").toString();
  }

  private String blank() {
    return " \n\t".substring(0, random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0);
  }
}
