package dev.kanal.common.http;

import dev.kanal.common.job.Texts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL that can be called. As text it is shown without its query, which may hold a secret.
 *
 * @param scheme {@code http} or {@code https}
 * @param host as it was written, in lower case; an address of IPv6 without its brackets
 * @param port that of the scheme unless it was given
 * @param path as it is sent, {@code /} at least
 * @param query as it is sent, without its question mark; null for none
 */
public record HttpUrl(String scheme, String host, int port, String path, @Nullable String query) {
  private static final int PORT_MAX = 65_535;
  private static final int HOST_MAX = 253;
  private static final int SHOWN = 100;
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]{1,63}");

  /** A name's last part that makes an address of it, for some programs. */
  private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");

  private static final Pattern FOUR_NUMBERS =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]+(%[0-9A-Za-z._~-]+)?");

  /** The host names that both TLS and Java's URLs accept. */
  private static final Pattern PLAIN_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  private static final Pattern PLAIN_LAST = Pattern.compile("[a-z].*");
  private static final String MARKS = "-._~!$&'()*+,;=:@/?";
  private static final String NO_IPV6 = "the host is no address of IPv6 in brackets";
  private static final String PATH = "path";
  private static final String QUERY = "query";

  /** A text that is no URL to call; its message says why, without the text. */
  public static final class BadUrlException extends Exception {
    private static final long serialVersionUID = 1L;

    BadUrlException(String why) {
      super(why);
    }

    /** What is wrong, to stand after a "but". */
    public String why() {
      return String.valueOf(getMessage());
    }
  }

  /** Reads a URL; characters beyond ASCII in path and query are sent in their percent form. */
  public static HttpUrl parse(String text) throws BadUrlException {
    return of(UriReference.parse(text), false);
  }

  /**
   * Where a redirect from here leads (RFC 3986, section 5).
   *
   * @param location as HTTP brings it, a character for each byte; what may not stand in a URL is
   *     sent in its percent form, as browsers do
   */
  public HttpUrl resolve(String location) throws BadUrlException {
    return of(UriReference.parse(text()).resolve(UriReference.parse(location.strip())), true);
  }

  private static HttpUrl of(UriReference uri, boolean lenient) throws BadUrlException {
    String scheme = uri.scheme() == null ? "" : uri.scheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new BadUrlException(
          scheme.isEmpty() ? "there is no scheme" : "the scheme is " + scheme);
    }
    String authority = uri.authority() == null ? "" : uri.authority();
    if (authority.indexOf('@') >= 0) {
      throw new BadUrlException("there is a user in it; use the Authorization header");
    }
    if (authority.startsWith("[") && authority.indexOf(']') < 0) {
      throw new BadUrlException(NO_IPV6);
    }
    int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    int port = port(colon < 0 ? "" : authority.substring(colon + 1), scheme);
    String path = encoded(uri.path(), PATH, lenient);
    String query = uri.query() == null ? null : encoded(uri.query(), QUERY, lenient);
    var url = new HttpUrl(scheme, checkedHost(host), port, path.isEmpty() ? "/" : path, query);
    if (scheme.equals("https") && !url.isPlain()) {
      throw new BadUrlException(
          "https knows no host such as " + shown(url.host) + ": names are letters, digits and '-'");
    }
    return url;
  }

  private static int port(String text, String scheme) throws BadUrlException {
    if (text.isEmpty()) {
      return scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
    }
    boolean digits = text.chars().allMatch(each -> each >= '0' && each <= '9');
    int port = digits && text.length() <= 9 ? Integer.parseInt(text) : -1;
    if (port < 1 || port > PORT_MAX) {
      throw new BadUrlException(
          "the port is " + shown(text) + " and not one from 1 to " + PORT_MAX);
    }
    return port;
  }

  private static String checkedHost(String text) throws BadUrlException {
    if (text.isEmpty()) {
      throw new BadUrlException("there is no host");
    }
    if (text.startsWith("[")) {
      String inner = text.substring(1, Math.max(1, text.length() - 1));
      if (!text.endsWith("]") || !IPV6.matcher(inner).matches() || !isAddress(inner)) {
        throw new BadUrlException(NO_IPV6);
      }
      return inner.toLowerCase(Locale.ROOT);
    }
    String host = text.toLowerCase(Locale.ROOT);
    String name = withoutDot(host);
    if (name.length() > HOST_MAX) {
      throw new BadUrlException("the host has more than " + HOST_MAX + " characters");
    }
    String last = name.substring(name.lastIndexOf('.') + 1);
    if (NUMBER.matcher(last).matches() && !(isFourNumbers(host) && isAddress(host))) {
      throw new BadUrlException(
          "the host " + shown(text) + " is neither a name nor an address of four decimal numbers");
    }
    for (String label : name.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw new BadUrlException(badLabel(text));
      }
    }
    return host;
  }

  private static boolean isFourNumbers(String host) {
    return FOUR_NUMBERS.matcher(host).matches();
  }

  private static boolean isAddress(String text) {
    int zone = text.indexOf('%');
    try {
      var _ = InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String badLabel(String host) {
    for (int i = 0; i < host.length(); i += Character.charCount(host.codePointAt(i))) {
      int c = host.codePointAt(i);
      if (c > 0x7E) {
        return "the host has " + named(c) + "; write such names in their ASCII form (xn--…)";
      } else if (!LABEL.matcher(Character.toString(c).toLowerCase(Locale.ROOT)).matches()
          && c != '.') {
        return "the host has " + named(c);
      }
    }
    return "the host has an empty part, or one of more than 63 characters";
  }

  private static String encoded(String text, String part, boolean lenient) throws BadUrlException {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c == '%' ? isHex(text, i) : isAllowed(c) || (part.equals(QUERY) && isBracket(c))) {
        out.append((char) c);
      } else if (lenient && c <= 0xFF) {
        percent(out, c);
      } else if (c == '%') {
        throw new BadUrlException("in its " + part + " a '%' stands without two hex digits");
      } else if (c > 0x9F && !isHalf(c)) {
        for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          percent(out, octet & 0xFF);
        }
      } else {
        throw new BadUrlException("there is " + named(c) + " in its " + part);
      }
    }
    return out.toString();
  }

  /** Not a valid character of a query, but all programs send and accept it. */
  private static boolean isBracket(int c) {
    return c == '[' || c == ']';
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static boolean isHex(String text, int at) {
    return at + 2 <= text.length()
        && Character.digit(text.charAt(at), 16) >= 0
        && Character.digit(text.charAt(at + 1), 16) >= 0;
  }

  private static boolean isAllowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || MARKS.indexOf(c) >= 0;
  }

  private static void percent(StringBuilder out, int octet) {
    out.append('%')
        .append(Character.toUpperCase(Character.forDigit(octet >> 4, 16)))
        .append(Character.toUpperCase(Character.forDigit(octet & 0xF, 16)));
  }

  private static String named(int c) {
    return c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : "U+%04X".formatted(c);
  }

  private static String shown(String text) {
    return Texts.shown(text, SHOWN);
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** The host as rules compare it: {@code a.example} and {@code a.example.} are the same. */
  public String name() {
    return withoutDot(host);
  }

  /** Whether the host is an address of IPv6, or a name or address that DNS, TLS and Java know. */
  public boolean isPlain() {
    if (isIpv6() || isFourNumbers(host)) {
      return true;
    }
    String[] labels = name().split("\\.");
    for (String label : labels) {
      if (!PLAIN_LABEL.matcher(label).matches()) {
        return false;
      }
    }
    return labels.length == 1 || PLAIN_LAST.matcher(labels[labels.length - 1]).matches();
  }

  /** Host and port as the header {@code Host} has them. */
  public String authority() {
    String bracketed = isIpv6() ? "[" + host + "]" : host;
    return port == (isSecure() ? HTTPS_PORT : HTTP_PORT) ? bracketed : bracketed + ":" + port;
  }

  /** Whether the other is of the same scheme, host and port. */
  public boolean sharesOrigin(HttpUrl other) {
    return scheme.equals(other.scheme) && name().equals(other.name()) && port == other.port;
  }

  private boolean isIpv6() {
    return host.indexOf(':') >= 0;
  }

  /** The whole, with its query: to be called, not to be shown. */
  public String text() {
    return query == null ? toString() : this + "?" + query;
  }

  @Override
  public String toString() {
    return scheme + "://" + authority() + path;
  }
}
