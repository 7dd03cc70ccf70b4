package dev.kanal.standalone;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;
import java.util.regex.Pattern;

/**
 * {@code %visible(…)} in a layout: the text in a form that a terminal only shows. Control
 * characters, direction marks and characters without width become symbols; further lines are
 * indented, so that they do not look like lines of the log. Stateless.
 */
public final class Visible extends CompositeConverter<ILoggingEvent> {
  private static final Pattern UNSEEN =
      Pattern.compile(
          "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u00AD\\u061C\\u180E\\u200B\\u200E\\u200F"
              + "\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]|\\r(?!\\n)");
  private static final Pattern NEXT_LINE = Pattern.compile("\\r?\\n(?=\\S)");
  private static final int PICTURES = 0x2400;

  /** For Logback. */
  public Visible() {}

  @Override
  protected String transform(ILoggingEvent event, String in) {
    return visible(in);
  }

  static String visible(String text) {
    String seen = UNSEEN.matcher(text).replaceAll(found -> symbol(found.group().charAt(0)));
    return NEXT_LINE.matcher(seen).replaceAll("\n\t");
  }

  private static String symbol(char character) {
    return character < ' '
        ? String.valueOf((char) (PICTURES + character))
        : character == 0x7F ? "\u2421" : "[U+%04X]".formatted((int) character);
  }
}
