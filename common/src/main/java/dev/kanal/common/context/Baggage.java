package dev.kanal.common.context;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values in a {@code baggage} header, by the W3C Baggage recommendation. */
public final class Baggage {
  /** Longest header, in bytes. */
  public static final int MAX = 8_192;

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[!#-+\\--:<-\\[\\]-~]*");

  private Baggage() {}

  /**
   * The values by name, decoded, in their order. What is no member of a list is skipped; so is
   * everything from the member on with which the header would be longer than {@link #MAX}.
   */
  public static Map<String, String> values(@Nullable String header) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String member : members(header)) {
      values.put(name(member), decode(value(member)));
    }
    return Collections.unmodifiableMap(values);
  }

  /**
   * The header with more values; they replace those of the same names.
   *
   * @throws IllegalArgumentException if a name is no token of HTTP, or the header gets too long
   */
  public static @Nullable String with(@Nullable String header, Map<String, String> more) {
    if (more.isEmpty()) {
      return header;
    }
    List<String> members = new ArrayList<>();
    for (String member : members(header)) {
      if (!more.containsKey(name(member))) {
        members.add(member);
      }
    }
    more.forEach((name, value) -> members.add(member(name, value)));
    String all = String.join(",", members);
    if (all.length() > MAX) {
      throw new IllegalArgumentException(
          "Expected values of at most " + MAX + " bytes as baggage, but got " + all.length());
    }
    return all;
  }

  private static String member(String name, String value) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Expected the name of a value to match " + TOKEN + ", but got " + name);
    }
    return name + "=" + encode(value);
  }

  private static List<String> members(@Nullable String header) {
    List<String> members = new ArrayList<>();
    if (header == null) {
      return members;
    }
    int from = 0;
    while (from <= header.length()) {
      int comma = header.indexOf(',', from);
      int end = comma < 0 ? header.length() : comma;
      if (end > MAX) {
        break;
      }
      String member = header.substring(from, end).strip();
      if (isMember(member)) {
        members.add(member);
      }
      from = end + 1;
    }
    return members;
  }

  private static boolean isMember(String member) {
    return member.indexOf('=') > 0
        && TOKEN.matcher(name(member)).matches()
        && VALUE.matcher(value(member)).matches();
  }

  private static String name(String member) {
    return member.substring(0, member.indexOf('=')).strip();
  }

  /** Without its properties. */
  private static String value(String member) {
    int properties = member.indexOf(';');
    int end = properties < 0 ? member.length() : properties;
    int from = member.indexOf('=') + 1;
    return from > end ? "\0" : member.substring(from, end).strip();
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int octet = text.charAt(i) == '%' ? octet(text, i + 1) : -1;
      bytes.write(octet < 0 ? text.charAt(i) : octet);
      i += octet < 0 ? 0 : 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static String encode(String value) {
    StringBuilder text = new StringBuilder();
    for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = octet != '%' && VALUE.matcher(Character.toString(octet & 0xFF)).matches();
      if (plain) {
        text.append((char) octet);
      } else {
        text.append('%').append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xF, 16)));
        text.append(Character.toUpperCase(Character.forDigit(octet & 0xF, 16)));
      }
    }
    return text.toString();
  }
}
