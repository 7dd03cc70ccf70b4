package dev.kanal.scheduler.api.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.binary.BinaryWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells whether two submits ask for the same: the first half of a SHA-256 over the body, in which
 * the order of fields, blanks and the way to write a string or number do not count, and the
 * idempotency key is left out.
 */
public record BodyHash(long hi, long lo) {
  private static final int EXPECTED_BYTES = 512;
  private static final int EXPONENT_DIGITS_MAX = 17;

  /** Reads the document at whose first token the parser stands. */
  public static BodyHash of(JsonParser json) throws IOException {
    BinaryWriter canonical = new BinaryWriter(EXPECTED_BYTES);
    write(json, true, canonical);
    try {
      ByteBuffer digest =
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(canonical.toBytes()));
      return new BodyHash(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 in every Java", e);
    }
  }

  private static void write(JsonParser json, boolean outermost, BinaryWriter out)
      throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> writeObject(json, outermost, out);
      case START_ARRAY -> {
        out.putByte('[');
        while (json.nextToken() != JsonToken.END_ARRAY) {
          write(json, false, out);
        }
        out.putByte(']');
      }
      case VALUE_STRING -> out.putByte('s').putString(json.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          out.putByte('n').putString(number(json.getText()));
      case VALUE_TRUE -> out.putByte('t');
      case VALUE_FALSE -> out.putByte('f');
      case VALUE_NULL -> out.putByte('0');
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("Expected a value, but got " + json.currentToken());
    }
  }

  private static void writeObject(JsonParser json, boolean outermost, BinaryWriter out)
      throws IOException {
    Map<String, byte[]> fields = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      BinaryWriter value = new BinaryWriter(0);
      write(json, false, value);
      fields.put(name, value.toBytes());
    }
    if (outermost) {
      fields.remove("idempotencyKey");
    }
    out.putByte('{');
    fields.forEach((name, value) -> out.putString(name).putBytes(value));
    out.putByte('}');
  }

  /**
   * A number as digits without zeros at either end, and an exponent: {@code 1.50} and {@code 15e-1}
   * are the same. Never computed with, as a client may send any number of digits.
   */
  static String number(String text) {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    String mantissa = e < 0 ? text : text.substring(0, e);
    String exponent = e < 0 ? "0" : text.substring(e + 1);
    if (exponent.length() > EXPONENT_DIGITS_MAX) {
      return text;
    }
    boolean negative = mantissa.startsWith("-");
    int point = mantissa.indexOf('.');
    int decimals = point < 0 ? 0 : mantissa.length() - point - 1;
    String digits = mantissa.substring(negative ? 1 : 0).replace(".", "");
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    int end = digits.length();
    while (end > first && digits.charAt(end - 1) == '0') {
      end--;
    }
    if (first == end) {
      return "0";
    }
    long power = Long.parseLong(exponent) - decimals + (digits.length() - end);
    return (negative ? "-" : "") + digits.substring(first, end) + "e" + power;
  }
}
