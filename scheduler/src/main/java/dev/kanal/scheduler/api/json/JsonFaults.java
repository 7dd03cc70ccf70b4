package dev.kanal.scheduler.api.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with text that is no JSON, in words of our own: the parser's are for programmers.
 */
final class JsonFaults {
  private static final int QUOTED_MAX = 100;

  /** What the parser says, by how it begins, and our words for it; {@code %s} is what it quotes. */
  private static final List<Fault> FAULTS =
      List.of(
          fault("Unexpected end-of-input|Unexpected EOF", "the text ends too early"),
          fault("Duplicate field '(.*)'", "the name \"%s\" stands twice in one object"),
          fault(
              "Unexpected character \\((.*) \\(code.*start field name.*",
              "expected a name in double quotes, but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*a colon.*",
              "expected a colon after the name, but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*comma to separate Object.*",
              "expected a comma or }, but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*comma to separate Array.*",
              "expected a comma or ], but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*hex-digit.*",
              "expected four hexadecimal digits after \\u, but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*(?:digit|[Dd]ecimal point|[Ee]xponent).*",
              "expected a digit of a number, but there is %s"),
          fault(
              "Unexpected character \\((.*) \\(code.*(?:comment|Space).*",
              "expected a value or the end, but there is %s"),
          fault("Unexpected character \\((.*) \\(code.*", "expected a value, but there is %s"),
          fault("Unexpected close marker '(.)'.*", "%s closes what it did not open"),
          fault("Unrecognized token '(.*?)'.*", "\"%s\" is no value"),
          fault("Non-standard token '(.*?)'.*", "\"%s\" is no value"),
          fault("Unrecognized character escape '?(.*?)(?:'| \\(code).*", "\\%s is no escape"),
          fault(
              "Illegal unquoted character.*",
              "a control character stands in a string, which must be escaped"),
          fault("Illegal character.*", "a control character stands between values"),
          fault(
              "Invalid (?:numeric value|number).*|.*[Ll]eading zeroes.*", "a number is malformed"));

  private JsonFaults() {}

  private record Fault(Pattern said, String explained) {}

  private static Fault fault(String said, String explained) {
    return new Fault(Pattern.compile("(?s)(?:" + said + ").*"), explained);
  }

  /** One sentence with the place, which is where it was noticed. */
  static String explain(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? ""
            : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    return "Expected JSON, but" + where + ": " + explained(String.valueOf(e.getOriginalMessage()));
  }

  private static String explained(String said) {
    for (Fault fault : FAULTS) {
      Matcher matcher = fault.said.matcher(said);
      if (matcher.matches()) {
        String quoted = matcher.groupCount() > 0 ? String.valueOf(matcher.group(1)) : "";
        boolean tooLong = quoted.length() > QUOTED_MAX;
        return fault.explained.formatted(tooLong ? quoted.substring(0, QUOTED_MAX) + "…" : quoted);
      }
    }
    return "it is malformed";
  }
}
