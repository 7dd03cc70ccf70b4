package dev.kanal.common.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a URI or of a relative reference, not decoded (RFC 3986, appendix B).
 *
 * @param scheme null if there is none, as every part but the path
 */
record UriReference(
    @Nullable String scheme,
    @Nullable String authority,
    String path,
    @Nullable String query,
    @Nullable String fragment) {
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?",
          Pattern.DOTALL);

  static UriReference parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException("Expected every text to have the parts of a URI");
    }
    return new UriReference(
        parts.group(1),
        parts.group(2),
        parts.group(3) == null ? "" : parts.group(3),
        parts.group(4),
        parts.group(5));
  }

  /** What a reference means that stands in the document at this URI (RFC 3986, section 5.2). */
  UriReference resolve(UriReference reference) {
    if (reference.scheme != null) {
      return reference.with(reference.scheme, reference.authority, clean(reference.path));
    }
    if (reference.authority != null) {
      return reference.with(scheme, reference.authority, clean(reference.path));
    }
    if (reference.path.isEmpty()) {
      String ownQuery = reference.query == null ? query : reference.query;
      return new UriReference(scheme, authority, path, ownQuery, reference.fragment);
    }
    String whole = reference.path.startsWith("/") ? reference.path : merged(reference.path);
    return reference.with(scheme, authority, clean(whole));
  }

  private UriReference with(
      @Nullable String otherScheme, @Nullable String otherAuthority, String otherPath) {
    return new UriReference(otherScheme, otherAuthority, otherPath, query, fragment);
  }

  private String merged(String relative) {
    if (authority != null && path.isEmpty()) {
      return "/" + relative;
    }
    return path.substring(0, path.lastIndexOf('/') + 1) + relative;
  }

  /** Without dot segments (RFC 3986, section 5.2.4). */
  private static String clean(String path) {
    StringBuilder out = new StringBuilder(path.length());
    String in = path;
    while (!in.isEmpty()) {
      if (in.startsWith("../")) {
        in = in.substring(3);
      } else if (in.startsWith("./") || in.startsWith("/./")) {
        in = in.substring(2);
      } else if (in.equals("/.")) {
        in = "/";
      } else if (in.startsWith("/../") || in.equals("/..")) {
        in = in.length() > 3 ? in.substring(3) : "/";
        out.setLength(Math.max(0, out.lastIndexOf("/")));
      } else if (in.equals(".") || in.equals("..")) {
        in = "";
      } else {
        int next = in.indexOf('/', 1);
        int end = next < 0 ? in.length() : next;
        out.append(in, 0, end);
        in = in.substring(end);
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return (scheme == null ? "" : scheme + ":")
        + (authority == null ? "" : "//" + authority)
        + path
        + (query == null ? "" : "?" + query)
        + (fragment == null ? "" : "#" + fragment);
  }
}
